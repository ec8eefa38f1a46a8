namespace OrleansCache.Tests.Clusters;

/// <summary>
/// Three regions with room for few books, whose silos' clocks stand still until a test advances them. Shared, so each test uses books of
/// its own.
/// </summary>
public sealed class StoppedCluster() : CacheCluster(new ClusterShape
{
    StoppedClocks = true,
    Settings = new Dictionary<string, string>
    {
        ["MemoryBudgetBytes"] = "1048576",
        ["NodeTrial"] = "00:00:00.100",
        // Responses take real time, so a large advance of the clock must not look like an unresponsive owner.
        ["OwnerPatience"] = "00:00:20",
    },
}), IAsyncLifetime
{
    Task IAsyncLifetime.InitializeAsync() => StartAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
}
