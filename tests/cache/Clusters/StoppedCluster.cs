namespace OrleansCache.Tests.Clusters;

/// <summary>
/// Three regions whose silos' clocks stand still until a test advances them, with room for few books. Shared, so each test
/// uses books of its own.
/// </summary>
public sealed class StoppedCluster() : CacheCluster(new ClusterShape
{
    StoppedClocks = true,
    Settings = new Dictionary<string, string> { ["MemoryBudgetBytes"] = "1048576", ["NodeTrial"] = "00:00:00.100", ["Leases:MaxRenewalsPerSecond"] = "0" },
}), IAsyncLifetime
{
    Task IAsyncLifetime.InitializeAsync() => StartAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
}
