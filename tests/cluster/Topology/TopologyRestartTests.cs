using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Topology;

public sealed class TopologyRestartTests
{
    [Fact]
    public async Task Changes_by_operators_survive_the_loss_of_every_silo()
    {
        using var file = new TemporaryCatalog();
        var shape = new ClusterShape { Regions = ["europe"], Silos = ["europe.1"], Redis = false };
        RegionRing before;
        await using (var first = await CacheCluster.StartAsync(shape, file.Path))
        {
            await first.Router("europe").AddNodeAsync("europe-2", "memory:restart", 200);
            await first.Router("europe").AddNodeAsync("europe-3", "memory:restart-too", 100);
            await first.Router("europe").RemoveNodeAsync("europe-1");
            before = await first.Router("europe").SetNodeWeightAsync("europe-3", 50);
        }

        await using var second = await CacheCluster.StartAsync(shape, file.Path);
        var after = await second.Router("europe").GetRingAsync();

        Assert.Equal(before.Nodes.AsEnumerable(), after.Nodes.AsEnumerable());
        await Eventually.IsTrueAsync(
            async () => (await second.StatisticsAsync("europe.1")).RingVersion == after.Version, "the silo uses the router's ring");
        await second.WriteAsync("restart::book");
        var ring = HashRing.Create(0, [new("europe-2", 200), new("europe-3", 50)]);
        Assert.Equal(ring.MemberOf("restart::book"), (await second.LookupAsync("europe", "restart::book")).Node);
    }
}
