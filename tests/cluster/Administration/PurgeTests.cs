using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Redis;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Administration;

/// <summary>Removing a region's entries.</summary>
[Collection(StoppedClusterCollection.Name)]
public sealed class PurgeTests(StoppedCluster cluster)
{
    [Fact]
    public async Task Entries_of_a_key_leave_memory_and_node_and_those_of_others_stay()
    {
        string[] keys = ["purge::one", "purge::other"];
        await WarmAsync("asia", keys);
        await WarmAsync("europe", keys);

        var purge = await cluster.Router("asia").PurgeAsync([keys[0]]);

        Assert.Equal(("asia", null), (purge.Region, purge.Entries));
        Assert.Equal("asia.1", Assert.Single(purge.Silos));
        // Other tests may have removed nodes, which are purged too while they are read as former ones.
        Assert.Contains("asia-1", purge.Nodes);
        Assert.Empty(purge.SilentSilos.Concat(purge.SilentNodes));
        Assert.False(await HoldsAsync("asia", keys[0]));
        Assert.True(await HoldsAsync("asia", keys[1]));
        Assert.True(await HoldsAsync("europe", keys[0]));
        Assert.Equal("A book", CacheCluster.TitleOf(await cluster.LookupAsync("asia", keys[0])));
    }

    [Fact]
    public async Task Without_keys_everything_that_the_region_holds_goes_and_nothing_elsewhere()
    {
        string[] keys = ["purge::all one", "purge::all two"];
        await WarmAsync("northamerica", keys);
        await WarmAsync("europe", keys);

        var purge = await cluster.Router("northamerica").PurgeAsync(null);

        Assert.True(purge.Entries >= 2, $"{purge.Entries} entries");
        var statistics = await cluster.StatisticsAsync("northamerica.1");
        Assert.Equal((0, 0), (statistics.Copies, statistics.Absences));
        foreach (var key in keys)
        {
            Assert.False(await HoldsAsync("northamerica", key));
            Assert.True(await HoldsAsync("europe", key));
            Assert.True((await cluster.LookupAsync("northamerica", key)).Row.Exists);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clients_drop_their_entries_first(bool everything)
    {
        var key = $"purge::below {everything}";
        await cluster.WriteAsync(key);
        var (client, observer) = (Guid.NewGuid(), new RevokedKeys());
        var silo = cluster.SiloOf("asia");
        var source = cluster.Grains.GetGrain<INearSource>(silo.Address.ToParsableString());
        await source.JoinAsync(client, cluster.Grains.CreateObjectReference<INearObserver>(observer));
        var answer = await cluster.Grains.GetGrain<IBookGrain>(new BookGrainKey("asia", 1, key).ToString())
            .LookupAsync(new LookupOptions { Client = client }, CancellationToken.None);
        Assert.True(answer!.Lease > TimeSpan.Zero);
        Assert.Equal(1, (await cluster.Router("asia").PeekAsync(key)).Silos[0].Clients);

        await cluster.Router("asia").PurgeAsync(everything ? null : [key]);

        Assert.Contains(everything ? $"all of {silo.Address.ToParsableString()}" : key, observer.All);
        // The clock stands still, so the lease of a client that does not disconnect would never expire, and the next purge would wait for
        // it.
        await source.LeaveAsync(client);
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task A_node_that_cannot_be_reached_is_named()
    {
        var router = cluster.Router("asia");
        await router.AddNodeAsync("asia-silent", "memory:purge-silent", 100);
        cluster.SiloOf("asia").Handle.SiloHost.Services.GetRequiredService<MemoryServers>().Get("purge-silent").Stop();

        var purge = await router.PurgeAsync(null);

        Assert.Equal(("asia-1", "asia-silent"), (Assert.Single(purge.Nodes), Assert.Single(purge.SilentNodes)));
        Assert.Equal("asia.1", Assert.Single(purge.Silos));
        await router.RemoveNodeAsync("asia-silent");
    }

    [Fact]
    public async Task An_invalid_key_is_refused_and_nothing_is_purged()
    {
        await WarmAsync("asia", "purge::stays");

        await Assert.ThrowsAsync<InvalidKeyException>(() => cluster.Router("asia").PurgeAsync(["purge::stays", ""]));

        Assert.True(await HoldsAsync("asia", "purge::stays"));
    }

    private async Task WarmAsync(string region, params string[] keys)
    {
        await cluster.WriteAsync(keys);
        foreach (var key in keys)
        {
            await cluster.LookupAsync(region, key);
            await cluster.RedisHoldsAsync(region, key);
        }
    }

    private async Task<bool> HoldsAsync(string region, string key)
    {
        var seen = await cluster.Router(region).PeekAsync(key);
        var (memory, node) = (seen.Silos.Any(silo => silo.Row is not null), seen.Node?.Row is not null);
        Assert.Equal(memory, node);
        return memory;
    }
}
