namespace OrleansCache.Processes.Tests.Clusters;

/// <summary>A cluster with one silo in each region.</summary>
public sealed class OneSiloPerRegion : IAsyncLifetime
{
    internal FaultCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await FaultCluster.StartAsync([]);

    public async Task DisposeAsync() => await (Cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
}
