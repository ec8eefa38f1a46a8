using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Engine.Tests.Activation;
using OrleansCache.Engine.Tests.Support;
using OrleansCache.Silo.Local;
using Xunit.Abstractions;

namespace OrleansCache.Engine.Tests.Clustering;

/// <summary>What this engine promises beyond Orleans when the clustering Redis is gone or comes back empty.</summary>
public sealed class LostRedisTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly Hosts _hosts = new();
    private LocalRedisServer? _redis;

    private LocalRedisServer Redis => _redis ?? throw new InvalidOperationException("Redis was not started.");

    /// <inheritdoc/>
    public async Task InitializeAsync() => _redis = await LocalRedisServer.StartAsync();

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await _hosts.DisposeAsync();
        await Redis.DisposeAsync();
    }

    [Fact]
    public async Task A_Redis_that_comes_back_empty_does_not_lose_the_cluster_and_a_silo_that_starts_meanwhile_joins_it()
    {
        var silos = await Task.WhenAll(SiloAsync("europe.1"), SiloAsync("asia.1"));
        foreach (var silo in silos)
            await Hosts.KnowsAsync(silo, "europe.1", "asia.1");
        var grain = Hosts.Grains(silos[0]).GetGrain<IProbeGrain>($"asia.1!{TestClusterFixture.NewKey()}");
        var activation = await grain.Activation();
        var versions = silos.Select(Version).ToArray();

        await Redis.DisposeAsync();
        await Assert.ThrowsAnyAsync<OrleansException>(() => silos[0].Services.GetRequiredService<IClusterMembershipService>().TryKill(Address(silos[1])));
        _redis = await LocalRedisServer.StartAsync(Redis.Port);
        var third = await SiloAsync("northamerica.1");

        foreach (var silo in silos.Append(third))
            await Hosts.KnowsAsync(silo, "europe.1", "asia.1", "northamerica.1");
        for (var i = 0; i < silos.Length; i++)
            Assert.True(Version(silos[i]) > versions[i]);
        Assert.Equal(activation, await Hosts.Grains(third).GetGrain<IProbeGrain>(grain.GetPrimaryKeyString()).Activation());
    }

    [Fact]
    public async Task A_silo_that_dies_while_Redis_is_gone_is_called_in_vain_at_once_and_declared_dead_when_it_is_back()
    {
        var silos = await Task.WhenAll(SiloAsync("europe.1"), SiloAsync("asia.1"), SiloAsync("asia.2"));
        foreach (var silo in silos)
            await Hosts.KnowsAsync(silo, "europe.1", "asia.1", "asia.2");
        var grain = Hosts.Grains(silos[0]).GetGrain<IProbeGrain>($"asia.2!{TestClusterFixture.NewKey()}");
        Assert.Equal("asia.2", await grain.Silo());

        await Redis.DisposeAsync();
        await _hosts.KillAsync(silos[2]);
        await Until.TrueAsync(
            async () =>
            {
                var begun = Stopwatch.GetTimestamp();
                await Assert.ThrowsAnyAsync<OrleansException>(() => grain.Silo().WaitAsync(Until.Bound));
                return Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(1);
            },
            () => "a call to the dead silo to fail at once");
        Assert.Contains("asia.2", Hosts.Active(silos[0]));

        _redis = await LocalRedisServer.StartAsync(Redis.Port);
        await Hosts.KnowsAsync(silos[0], "europe.1", "asia.1");
        await Hosts.KnowsAsync(silos[1], "europe.1", "asia.1");
    }

    [Fact]
    public async Task A_silo_stops_in_time_while_Redis_is_gone()
    {
        var silos = await Task.WhenAll(SiloAsync("europe.1"), SiloAsync("asia.1"));
        foreach (var silo in silos)
            await Hosts.KnowsAsync(silo, "europe.1", "asia.1");
        for (var i = 0; i < 100; i++)
            await Hosts.Grains(silos[0]).GetGrain<IProbeGrain>($"asia.1!{TestClusterFixture.NewKey()}").Silo();

        await Redis.DisposeAsync();
        var begun = Stopwatch.GetTimestamp();
        await _hosts.StopAsync(silos[1]);

        output.WriteLine($"stopped in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_killed_silo_is_dead_to_the_others_within_three_seconds()
    {
        var silos = await Task.WhenAll(SiloAsync("europe.1"), SiloAsync("asia.1"), SiloAsync("asia.2"));
        foreach (var silo in silos)
            await Hosts.KnowsAsync(silo, "europe.1", "asia.1", "asia.2");

        var begun = Stopwatch.GetTimestamp();
        await _hosts.KillAsync(silos[2]);
        await Hosts.KnowsAsync(silos[0], "europe.1", "asia.1");
        await Hosts.KnowsAsync(silos[1], "europe.1", "asia.1");

        output.WriteLine($"known everywhere after {Stopwatch.GetElapsedTime(begun).TotalMilliseconds:0} ms");
        Assert.True(Stopwatch.GetElapsedTime(begun) < TimeSpan.FromSeconds(3));
    }

    private static long Version(IHost silo) => silo.Services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Version.Value;

    private static SiloAddress Address(IHost silo) => silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    private Task<IHost> SiloAsync(string name) => _hosts.StartSiloAsync(name, Hosts.Place.Free(), silo => silo.UseRedisClustering(Redis.ConnectionString));
}
