using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.TestSupport;
using OrleansCache.Topology;

namespace OrleansCache.Tests.Topology;

public sealed class RingFollowerTests
{
    [Fact]
    public async Task A_node_may_change_while_its_silo_is_disposed()
    {
        var settings = new CacheOptions { Home = "asia", Regions = [new RegionOptions { Name = "asia" }] };
        await using var routes = new RegionRoutes("asia", new FakeNodeFactory(), settings.TimeToLive, new ManualClock());
        var stored = new SettingsTopology(new NothingStored(), Options.Create(settings), NullLogger<SettingsTopology>.Instance);
        var follower = new RingFollower(
            routes, stored, null!, null!, Options.Create(settings), new ManualClock(), NullLogger<RingFollower>.Instance);
        await follower.StartingAsync(CancellationToken.None);
        // A node reads the delegate before the disposal, and calls it afterwards.
        var late = routes.NodeChanged!;

        follower.Dispose();
        late(null!);

        Assert.Null(routes.NodeChanged);
    }

    private sealed class NothingStored : ITopologyStore
    {
        public Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation) =>
            Task.FromResult<StoredTopology?>(null);

        public Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation) =>
            Task.FromResult(true);
    }
}
