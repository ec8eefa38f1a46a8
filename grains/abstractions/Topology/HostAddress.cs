using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansCache;

/// <summary>Where a silo or a gateway is, as settings say it: a name or an address, and a port.</summary>
/// <param name="Host">A name, or an IPv4 or IPv6 address without brackets.</param>
/// <param name="Port">The port, 1 to 65,535.</param>
public sealed record HostAddress(string Host, int Port)
{
    /// <summary>Whether it is an address, which need not be looked up.</summary>
    public bool IsAddress => IPAddress.TryParse(Host, out _);

    /// <summary>Reads <c>host:port</c>, as in <c>silo-1:30000</c>, <c>127.0.0.1:30000</c> or <c>[::1]:30000</c>.</summary>
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

    /// <summary>Looks a name up; done anew again and again, because names move. An address is given back as it is.</summary>
    /// <returns>At least one address. Of a name that has both kinds those of IPv4, which silos listen on.</returns>
    /// <exception cref="SocketException">There is no such name.</exception>
    public static async Task<IPAddress[]> LookUpAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var known))
            return [known];
        var addresses = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        var usable = addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork).ToArray();
        return usable.Length > 0 ? usable : addresses;
    }

    /// <summary>The endpoint, when it is an address; nothing for a name.</summary>
    public IEnumerable<IPEndPoint> Endpoints() => IPAddress.TryParse(Host, out var known) ? [new(known, Port)] : [];

    /// <summary>The endpoints that its name stands for now.</summary>
    /// <exception cref="SocketException">There is no such name.</exception>
    public async Task<IPEndPoint[]> ResolveAsync(CancellationToken cancellation) =>
        [.. (await LookUpAsync(Host, cancellation).ConfigureAwait(false)).Select(address => new IPEndPoint(address, Port))];

    /// <summary>As it is written in settings.</summary>
    public override string ToString() => $"{Host}:{Port}";
}
