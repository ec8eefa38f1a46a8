namespace OrleansCache.Tests.Clusters;

/// <summary>The usual cluster: three regions with a silo each, and time as it passes. Shared, so each test uses books of its own.</summary>
public sealed class UsualCluster() : CacheCluster(new ClusterShape()), IAsyncLifetime
{
    Task IAsyncLifetime.InitializeAsync() => StartAsync();

    Task IAsyncLifetime.DisposeAsync() => DisposeAsync().AsTask();
}
