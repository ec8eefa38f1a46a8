namespace OrleansCache.Tests.Clusters;

/// <summary>The tests that share the cluster with manual clocks; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class StoppedClusterCollection : ICollectionFixture<StoppedCluster>
{
    public const string Name = "cluster with stopped clocks";
}
