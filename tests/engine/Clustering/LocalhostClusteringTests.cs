using Microsoft.Extensions.Hosting;
using OrleansCache.Engine.Tests.Activation;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Clustering;

/// <summary>Silos of one machine without a clustering store, which have nothing in common but the primary silo's address.</summary>
public sealed class LocalhostClusteringTests : IAsyncLifetime
{
    private readonly Hosts _hosts = new();

    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task DisposeAsync() => await _hosts.DisposeAsync();

    [Fact]
    public async Task Silos_find_each_other_through_the_primary_one_and_a_client_uses_any_gateway()
    {
        Hosts.Place[] places = [Hosts.Place.Free(), Hosts.Place.Free(), Hosts.Place.Free()];
        var primary = await SiloAsync("europe.1", places[0], places[0]);
        var others = await Task.WhenAll(SiloAsync("asia.1", places[1], places[0]), SiloAsync("asia.2", places[2], places[0]));
        await Hosts.FormAsync([primary, .. others]);

        var client = await _hosts.StartClientAsync(builder => builder.UseStaticClustering(places[1].Gateway, places[2].Gateway));
        foreach (var name in new[] { "europe.1", "asia.1", "asia.2" })
            Assert.Equal(name, await Hosts.Grains(client).GetGrain<IProbeGrain>($"{name}!{TestClusterFixture.NewKey()}").Silo());

        await _hosts.StopAsync(others[1]);
        await Hosts.FormAsync(primary, others[0]);
        Assert.Equal("europe.1", await Hosts.Grains(client).GetGrain<IProbeGrain>($"europe.1!{TestClusterFixture.NewKey()}").Silo());
    }

    private Task<IHost> SiloAsync(string name, Hosts.Place place, Hosts.Place primary) =>
        _hosts.StartSiloAsync(name, place, silo => silo.UseLocalhostClustering(place.SiloPort, place.GatewayPort, primary == place ? null : primary.Silo));
}
