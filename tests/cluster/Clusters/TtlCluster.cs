namespace OrleansCache.Tests.Clusters;

/// <summary>Two regions without leases, whose silos' clocks stand still until a test advances them. Shared, so each test uses books of its own.</summary>
public sealed class TtlCluster() : CacheCluster(WithoutLeases), IAsyncLifetime
{
    /// <summary>A cluster of that kind.</summary>
    public static readonly ClusterShape WithoutLeases = new()
    {
        Regions = ["europe", "asia"],
        Silos = ["europe.1", "asia.1"],
        SilosAtFirst = 2,
        StoppedClocks = true,
        Settings = new Dictionary<string, string> { ["Coherence"] = "Ttl" },
    };

    Task IAsyncLifetime.InitializeAsync() => StartAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
}
