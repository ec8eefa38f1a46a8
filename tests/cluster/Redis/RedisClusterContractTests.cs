using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Redis;

/// <summary>The contract of a node on a Redis Cluster.</summary>
[Trait("Tier", "All")]
public sealed class RedisClusterContractTests : NodeContract
{
    private protected override async Task<INodeBackend> CreateBackendAsync() =>
        new RedisClusterBackend(await LocalRedisCluster.StartAsync(replicas: 0));
}
