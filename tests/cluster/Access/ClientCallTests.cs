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
        await RefusedAsync(() => grains.GetGrain<ILeaseOwner>(OwnerGrain.KeyOf(0)).RenewAsync(silo, []));
        await RefusedAsync(() => grains.GetGrain<IOwnerGrain>(OwnerGrain.KeyOf(0))
            .AcquireAsync(new("book::a", silo, null, false), default).AsTask());
        await RefusedAsync(() => grains.GetGrain<IManagementGrain>(0).GetHosts());

        Assert.NotNull(await cluster.LookupAsync("europe", "book::a"));
        Assert.Single((await cluster.Router("europe").GetRingAsync()).Nodes);
        await RefusedAsync(() => cluster.Router("europe").PurgeAsync(null));
        await RefusedAsync(() => cluster.Router("europe").AddNodeAsync("europe-2", "memory:more", 100));
        using (OperatorToken.Show("another token of operators"))
            await RefusedAsync(() => cluster.Router("europe").PurgeAsync(null));
        using (OperatorToken.Show(Token))
            Assert.Equal(["europe.1"], (await cluster.Router("europe").PurgeAsync(null)).Silos.AsEnumerable());
        await RefusedAsync(() => cluster.Router("europe").PurgeAsync(null));
    }

    private static async Task RefusedAsync(Func<Task> call)
    {
        var error = await Assert.ThrowsAsync<NotPermittedException>(call);
        Assert.DoesNotContain(Token, error.Message, StringComparison.Ordinal);
    }
}
