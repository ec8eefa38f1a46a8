namespace OrleansCache.Engine.Tests.Filters;

/// <summary>The tests that share one cluster with filters. Their grains have keys of their own.</summary>
[CollectionDefinition(Name)]
public sealed class FilteredClusterCollection : ICollectionFixture<FilteredCluster>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "filters";
}
