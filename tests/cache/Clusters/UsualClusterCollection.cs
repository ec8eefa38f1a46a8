namespace OrleansCache.Tests.Clusters;

/// <summary>The tests that share the usual cluster; one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class UsualClusterCollection : ICollectionFixture<UsualCluster>
{
    public const string Name = "usual cluster";
}
