using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Engine.Tests.Activation;
using OrleansCache.Engine.Tests.Support;
using OrleansCache.Silo.Local;

namespace OrleansCache.Engine.Tests.Clustering;

/// <summary>Silos that find each other in Redis.</summary>
public sealed class RedisClusteringTests : IAsyncLifetime
{
    private readonly Hosts _hosts = new();
    private LocalRedisServer? _redis;

    private LocalRedisServer Redis => _redis ?? throw new InvalidOperationException("Redis was not started.");

    /// <inheritdoc/>
    public async Task InitializeAsync() => _redis = await LocalRedisServer.StartAsync(keepsData: true);

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await _hosts.DisposeAsync();
        await Redis.DisposeAsync();
    }

    [Fact]
    public async Task Silos_that_share_a_Redis_form_a_cluster_and_a_client_finds_them_there()
    {
        var silos = await StartAsync("europe.1", "asia.1");
        var client = await ClientAsync();

        await Hosts.FormAsync(silos);
        foreach (var name in new[] { "europe.1", "asia.1" })
            Assert.Equal(name, await Hosts.Grains(client).GetGrain<IProbeGrain>(KeyOn(name)).Silo());
    }

    [Fact]
    public async Task With_its_Redis_stopped_a_cluster_goes_on_and_activates_grains_too()
    {
        var silos = await StartAsync("europe.1", "asia.1");
        var client = await ClientAsync();
        await Hosts.FormAsync(silos);
        var grains = Hosts.Grains(client);
        var before = grains.GetGrain<IProbeGrain>(KeyOn("asia.1"));
        var activation = await before.Activation();

        await Redis.KillAsync();

        for (var i = 0; i < 50; i++)
        {
            var name = i % 2 == 0 ? "europe.1" : "asia.1";
            Assert.Equal(name, await grains.GetGrain<IProbeGrain>(KeyOn(name)).Silo());
        }

        Assert.Equal(activation, await before.Activation());
        // Silos that stop would try for long to sign off from a table that is not there, or has no row of theirs.
        await Redis.RestartAsync();
    }

    [Fact]
    public async Task A_killed_silo_is_declared_dead_within_seconds_and_its_successor_joins()
    {
        var place = Hosts.Place.Free();
        var rest = await StartAsync("europe.1", "northamerica.1");
        var victim = await SiloAsync("asia.1", place);
        await Hosts.FormAsync([.. rest, victim]);
        var old = victim.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

        await _hosts.KillAsync(victim);
        foreach (var silo in rest)
            await Hosts.KnowsAsync(silo, "europe.1", "northamerica.1");

        var successor = await SiloAsync("asia.1", place);
        await Hosts.FormAsync([.. rest, successor]);
        Assert.NotEqual(old, successor.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress);
        Assert.Equal(SiloStatus.Dead, rest[0].Services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.GetSiloStatus(old));
        Assert.Equal("asia.1", await Hosts.Grains(rest[0]).GetGrain<IProbeGrain>(KeyOn("asia.1")).Silo());
    }

    [Fact]
    public async Task A_client_whose_gateways_were_all_gone_finds_them_again()
    {
        var place = Hosts.Place.Free();
        var first = await SiloAsync("europe.1", place);
        var client = await ClientAsync();
        Assert.Equal("europe.1", await Hosts.Grains(client).GetGrain<IProbeGrain>(KeyOn("europe.1")).Silo());

        await _hosts.KillAsync(first);
        await Assert.ThrowsAnyAsync<OrleansException>(() => Hosts.Grains(client).GetGrain<IProbeGrain>(KeyOn("europe.1")).Silo().WaitAsync(Until.Bound));
        await SiloAsync("europe.1", place);

        await Until.TrueAsync(
            async () =>
            {
                try
                {
                    return await Hosts.Grains(client).GetGrain<IProbeGrain>(KeyOn("europe.1")).Silo() == "europe.1";
                }
                catch (Exception error) when (error is OrleansException or TimeoutException)
                {
                    return false;
                }
            },
            () => "the client to be answered again");
    }

    private static string KeyOn(string name) => $"{name}!{TestClusterFixture.NewKey()}";

    private async Task<IHost[]> StartAsync(params string[] names) => await Task.WhenAll(names.Select(name => SiloAsync(name, Hosts.Place.Free())));

    private Task<IHost> SiloAsync(string name, Hosts.Place place) => _hosts.StartSiloAsync(name, place, silo => silo.UseRedisClustering(Redis.ConnectionString));

    private Task<IHost> ClientAsync() => _hosts.StartClientAsync(client => client.UseRedisClustering(Redis.ConnectionString));
}
