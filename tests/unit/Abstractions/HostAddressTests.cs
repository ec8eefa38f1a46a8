using System.Net.Sockets;

namespace OrleansCache.Tests.Abstractions;

public sealed class HostAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:11111", "127.0.0.1", 11111)]
    [InlineData("silo-europe:1", "silo-europe", 1)]
    [InlineData("[::1]:65535", "::1", 65535)]
    public void A_name_or_an_address_with_a_port_is_accepted(string text, string host, int port)
    {
        Assert.True(HostAddress.TryParse(text, out var address));
        Assert.Equal((host, port), (address.Host, address.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("somewhere")]
    [InlineData(":11111")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:many")]
    [InlineData("no host:1")]
    public void Anything_else_is_refused(string text) => Assert.False(HostAddress.TryParse(text, out _));

    [Fact]
    public async Task An_address_is_its_own_endpoint_and_a_name_is_looked_up()
    {
        var address = new HostAddress("127.0.0.1", 30_000);
        var name = new HostAddress("localhost", 30_000);

        Assert.Equal(address.Endpoints(), await address.ResolveAsync(CancellationToken.None));
        Assert.Empty(name.Endpoints());
        Assert.Equal(address.Endpoints(), await name.ResolveAsync(CancellationToken.None));
        await Assert.ThrowsAsync<SocketException>(() => HostAddress.LookUpAsync("no-such-host.invalid", CancellationToken.None));
    }
}
