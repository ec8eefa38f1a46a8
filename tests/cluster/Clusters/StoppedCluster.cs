namespace OrleansCache.Tests.Clusters;

/// <summary>
/// Three regions whose silos' clocks stand still until a test advances them, with room for few books. Shared, so each test
/// uses books of its own.
/// </summary>
public sealed class StoppedCluster() : CacheCluster(new ClusterShape
{
    StoppedClocks = true,
    Settings = new Dictionary<string, string>
    {
        ["MemoryBudgetBytes"] = "1048576",
        ["NodeTrial"] = "00:00:00.100",
        // The time that a test lets pass at once is to be no owner's silence, whose answer takes real time.
        ["OwnerPatience"] = "00:00:20",
        ["Leases:MaxRenewalsPerSecond"] = "0",
    },
}), IAsyncLifetime
{
    Task IAsyncLifetime.InitializeAsync() => StartAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
}
