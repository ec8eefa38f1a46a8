using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansCache.Client;

/// <summary>Where a gateway is, as configured: a name or an address, and a port.</summary>
internal sealed record GatewayAddress(string Host, int Port)
{
    public static bool TryParse(string? text, [NotNullWhen(true)] out GatewayAddress? address)
    {
        address = null;
        var colon = text?.LastIndexOf(':') ?? -1;
        if (colon < 1
            || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65_535)
            return false;
        var host = text![..colon].Trim('[', ']');
        if (Uri.CheckHostName(host) == UriHostNameType.Unknown)
            return false;
        address = new(host, port);
        return true;
    }

    /// <summary>Whether it is an address, which need not be looked up.</summary>
    public bool IsAddress => IPAddress.TryParse(Host, out _);

    /// <summary>The address, when it is one.</summary>
    public IEnumerable<IPEndPoint> Addresses() => IPAddress.TryParse(Host, out var known) ? [new(known, Port)] : [];

    /// <summary>Looks the name up; done anew again and again, because names move.</summary>
    /// <exception cref="SocketException">There is no such name.</exception>
    public async Task<IEnumerable<IPEndPoint>> ResolveAsync(CancellationToken cancellation)
    {
        if (IsAddress)
            return Addresses();
        var addresses = await Dns.GetHostAddressesAsync(Host, cancellation).ConfigureAwait(false);
        // Silos listen on IPv4 by default, so a name that has both is tried there.
        var usable = addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork).ToArray();
        return (usable.Length > 0 ? usable : addresses).Select(address => new IPEndPoint(address, Port));
    }

    public override string ToString() => $"{Host}:{Port}";
}
