namespace OrleansCache.Tests.Faults.Clusters;

/// <summary>
/// A cluster with one silo in each region, whose clustering Redis keeps its data across a restart unless a test empties it.
/// </summary>
[CollectionDefinition(Name)]
public sealed class OneSiloPerRegion : IAsyncLifetime, ICollectionFixture<OneSiloPerRegion>
{
    /// <summary>The collection of the tests that share it; they run one after the other.</summary>
    internal const string Name = "One silo per region";

    internal FaultCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await FaultCluster.StartAsync([], keepClusteringData: true);

    public async Task DisposeAsync() => await (Cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
}
