using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansCache.Silo.Settings;

/// <summary>A name or an address, and a port.</summary>
internal sealed record HostAddress(string Host, int Port)
{
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

    public async Task<IPEndPoint> ResolveAsync(CancellationToken cancellation) => new(await ResolveAsync(Host, cancellation).ConfigureAwait(false), Port);

    /// <exception cref="SocketException">The name is not known.</exception>
    public static async Task<IPAddress> ResolveAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var known))
            return known;
        var addresses = await Dns.GetHostAddressesAsync(host, cancellation).ConfigureAwait(false);
        // Where a name has both kinds, the older one is what silos have always listened on.
        return addresses.FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
    }

    public override string ToString() => $"{Host}:{Port}";
}
