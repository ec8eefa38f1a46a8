namespace OrleansCache.Tests.Faults.Clusters;

/// <summary>A cluster whose home region has two silos, the others one.</summary>
public sealed class TwoSilosAtHome : IAsyncLifetime
{
    internal FaultCluster Cluster { get; private set; } = null!;

    public async Task InitializeAsync() => Cluster = await FaultCluster.StartAsync([(FaultCluster.Home, 2)]);

    public async Task DisposeAsync() => await (Cluster?.DisposeAsync() ?? ValueTask.CompletedTask);
}
