using System.Net;
using OrleansCache.Client;
using Xunit;

namespace OrleansCache.Tests.Client.Connections;

public sealed class RegionGatewaysTests
{
    [Fact]
    public void Addresses_of_the_settings_are_known_at_once()
    {
        var gateways = new RegionGateways(new ClientRegionOptions { Name = "europe", Gateways = { "127.0.0.1:30000", "127.0.0.1:30001" } });
        Assert.Equal((true, 2), (gateways.AreNamed, gateways.Known.Length));
        Assert.Equal("127.0.0.1:30000, 127.0.0.1:30001", gateways.ToString());
    }

    [Fact]
    public async Task Names_are_looked_up()
    {
        var gateways = new RegionGateways(new ClientRegionOptions { Name = "europe", Gateways = { "localhost:30000" } });
        Assert.Empty(gateways.Known);
        Assert.Equal(["localhost:30000"], gateways.Names.ToArray());
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 30000), Assert.Single(await gateways.ResolveAsync(CancellationToken.None)));
    }

    [Fact]
    public void What_is_found_replaces_what_was_known_and_nothing_found_does_not()
    {
        var gateways = new RegionGateways(new ClientRegionOptions { Name = "europe" });
        Assert.False(gateways.AreNamed);
        gateways.Take([new(IPAddress.Loopback, 1), new(IPAddress.Loopback, 2), new(IPAddress.Loopback, 2)]);
        Assert.Equal(2, gateways.Known.Length);
        gateways.Take([]);
        Assert.Equal(2, gateways.Known.Length);
        gateways.Take([new(IPAddress.Loopback, 3)]);
        Assert.Equal(["127.0.0.1:3"], gateways.Names.ToArray());
    }

    [Theory]
    [InlineData("europe.1", true)]
    [InlineData("europe.22", true)]
    [InlineData("europe-west.1", false)]
    [InlineData("europe", false)]
    [InlineData("asia.1", false)]
    public void A_silos_name_tells_its_region(string silo, bool isOf) =>
        Assert.Equal(isOf, new RegionGateways(new ClientRegionOptions { Name = "europe" }).IsOf(silo));
}
