namespace OrleansCache.Processes.Tests.Clusters;

/// <summary>A cluster with one silo in each region, whose clustering Redis comes back with what it had unless it is emptied.</summary>
public sealed class KeptTable : IAsyncLifetime
{
    internal FaultCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await FaultCluster.StartAsync([], keepClusteringData: true);

    public async Task DisposeAsync() => await (Cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
}
