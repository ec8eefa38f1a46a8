using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansCache;

/// <summary>The address of a silo or a gateway in settings: a host name or IP address, and a port.</summary>
/// <param name="Host">A host name, or an IPv4 or IPv6 address without brackets.</param>
/// <param name="Port">The port, 1 to 65,535.</param>
internal sealed record HostAddress(string Host, int Port)
{
    /// <summary>Whether the host is an IP address.</summary>
    public bool IsAddress => IPAddress.TryParse(Host, out _);

    /// <summary>Parses <c>host:port</c>, as in <c>silo-1:30000</c>, <c>127.0.0.1:30000</c> or <c>[::1]:30000</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out HostAddress? address)
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

    /// <summary>Resolves a host name. Callers repeat it, because addresses change. An IP address is returned as it is.</summary>
    /// <returns>At least one address: the IPv4 ones if there are any, because silos listen on them.</returns>
    /// <exception cref="SocketException">The name cannot be resolved.</exception>
    public static async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var known))
            return [known];
        var addresses = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        var usable = addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork).ToArray();
        return usable.Length > 0 ? usable : addresses;
    }

    /// <summary>The endpoint if the host is an IP address; empty for a name.</summary>
    public IEnumerable<IPEndPoint> Endpoints() => IPAddress.TryParse(Host, out var known) ? [new(known, Port)] : [];

    /// <summary>The endpoints that the host resolves to now.</summary>
    /// <exception cref="SocketException">The name cannot be resolved.</exception>
    public async Task<IPEndPoint[]> ResolveAsync(CancellationToken cancellation) =>
        [.. (await LookUpAsync(Host, cancellation).ConfigureAwait(false)).Select(address => new IPEndPoint(address, Port))];

    /// <summary>The form that settings use, <c>host:port</c>.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
