using OrleansCache.Administration;
using OrleansCache.Leases;
using OrleansCache.Owners;
using OrleansCache.Tests.Clusters;
using OrleansCache.Topology;

namespace OrleansCache.Tests.Access;

/// <summary>What a client of a cluster may call.</summary>
public sealed class ClientCallTests
{
    private const string Token = "a token of operators";

    private static readonly ClusterShape Shape = new()
    {
        Regions = ["europe"],
        Silos = ["europe.1"],
        Redis = false,
        Settings = new Dictionary<string, string> { ["OperatorToken"] = Token },
    };

    [Fact]
    public async Task What_is_between_silos_is_refused_to_clients_and_what_operators_do_needs_their_token()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape);
        var silo = cluster.Silos.Single().Address.ToParsableString();
        var grains = cluster.Grains;

        await RefusedAsync(() => grains.GetGrain<IRingSource>("europe").GetTopologyAsync(0));
        await RefusedAsync(() => grains.GetGrain<IRingSource>("europe").GetTopologyAsync(long.MaxValue));
        await RefusedAsync(() => grains.GetGrain<ISiloGrain>(silo).TakeRingAsync(new("europe", long.MaxValue, [], [])));
        await RefusedAsync(() => grains.GetGrain<ILeaseHolder>(silo).NoteDepartureAsync(silo));
        await RefusedAsync(() => grains.GetGrain<ILeaseOwner>(OwnerGrain.KeyOf(0)).RenewAsync(silo, default).AsTask());
        await RefusedAsync(() => grains.GetGrain<IOwnerGrain>(OwnerGrain.KeyOf(0))
            .AcquireAsync(new("book::a", silo, null, false), default).AsTask());
        await RefusedAsync(() => grains.GetGrain<IManagementGrain>(0).GetHosts());

        Assert.NotNull(await cluster.LookupAsync("europe", "book::a"));
        Assert.Single((await cluster.Router("europe").GetRingAsync()).Nodes);
        await RefusedAsync(() => cluster.Router("europe").PurgeAsync(null));
        await RefusedAsync(() => cluster.Router("europe").AddNodeAsync("europe-2", "memory:more", 100));
        await RefusedAsync(() => grains.GetGrain<ICatalogGrain>(0).ReadPageAsync(null));
        using (OperatorToken.Show("another token of operators"))
            await RefusedAsync(() => cluster.Router("europe").PurgeAsync(null));
        using (OperatorToken.Show(Token))
            Assert.Empty((await grains.GetGrain<ICatalogGrain>(0).ReadPageAsync(null)).Books);
        using (OperatorToken.Show(Token))
            Assert.Equal(["europe.1"], (await cluster.Router("europe").PurgeAsync(null)).Silos.AsEnumerable());
        await RefusedAsync(() => cluster.Router("europe").PurgeAsync(null));
    }

    [Fact]
    public async Task A_call_with_too_many_keys_or_edits_is_refused_before_anything_is_done()
    {
        await using var cluster = await CacheCluster.StartAsync(Shape with { Settings = new Dictionary<string, string>() });
        var silo = cluster.Silos.Single().Address.ToParsableString();
        var keys = Enumerable.Range(0, MessageLimits.Keys + 1).Select(i => $"book::{i}").ToArray();
        var edits = Enumerable.Range(0, MessageLimits.Edits + 1).Select(i => new Edit(Guid.NewGuid(), $"book::{i}", [1])).ToArray();

        await Assert.ThrowsAsync<InvalidKeyException>(
            () => cluster.Grains.GetGrain<IBatchGrain>("europe").LookupAsync(keys, new(), default));
        await Assert.ThrowsAsync<InvalidKeyException>(
            () => cluster.Grains.GetGrain<INearSource>(silo).LookupManyAsync(keys, new(), default));
        await Assert.ThrowsAsync<InvalidKeyException>(
            () => cluster.Grains.GetGrain<IOwnerGrain>(OwnerGrain.KeyOf(0)).EditAsync(edits, default));
        await Assert.ThrowsAsync<InvalidKeyException>(
            () => cluster.Router("europe").PurgeAsync([.. edits.Select(edit => edit.Key)]));
    }

    private static async Task RefusedAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<NotPermittedException>(call);
        Assert.DoesNotContain(Token, error.Message, StringComparison.Ordinal);
    }
}
