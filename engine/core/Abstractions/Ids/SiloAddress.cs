using System.Diagnostics;
using System.Globalization;
using System.Net;

namespace Orleans.Runtime;

/// <summary>Names one life of a silo: its endpoint, and a generation that tells it from earlier silos at the same endpoint.</summary>
[DebuggerDisplay("SiloAddress {ToString()}")]
public sealed class SiloAddress : IEquatable<SiloAddress>, IComparable<SiloAddress>
{
    private readonly int _hash;

    private SiloAddress(IPEndPoint endpoint, int generation)
    {
        Endpoint = endpoint;
        Generation = generation;
        _hash = OrleansCache.Engine.StableHash.Compute(System.Text.Encoding.UTF8.GetBytes(ToParsableString()));
    }

    /// <summary>The address that names no silo.</summary>
    public static SiloAddress Zero { get; } = New(new IPEndPoint(IPAddress.Any, 0), 0);

    /// <summary>Where the silo listens for other silos.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>Grows with each silo that starts at the endpoint; negative for clients.</summary>
    public int Generation { get; }

    /// <summary>True when the address names a client's connection rather than a silo.</summary>
    public bool IsClient => Generation < 0;

    /// <summary>Makes an address.</summary>
    /// <param name="ep">Where the silo listens.</param>
    /// <param name="gen">Its generation.</param>
    public static SiloAddress New(IPEndPoint ep, int gen) => new(ep, gen);

    /// <summary>Makes an address.</summary>
    /// <param name="address">Where the silo listens.</param>
    /// <param name="port">The port it listens on.</param>
    /// <param name="generation">Its generation.</param>
    public static SiloAddress New(IPAddress address, int port, int generation) => new(new IPEndPoint(address, port), generation);

    /// <summary>Reads what <see cref="ToParsableString"/> wrote.</summary>
    /// <param name="addr">The text.</param>
    /// <exception cref="FormatException">The text is not an address.</exception>
    public static SiloAddress FromParsableString(string addr)
    {
        ArgumentNullException.ThrowIfNull(addr);
        var at = addr.LastIndexOf('@');
        var colon = at < 0 ? -1 : addr.LastIndexOf(':', at);
        if (colon > 0
            && IPAddress.TryParse(addr.AsSpan(0, colon), out var address)
            && ushort.TryParse(addr.AsSpan(colon + 1, at - colon - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && int.TryParse(addr.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var generation))
        {
            return New(address, port, generation);
        }

        throw new FormatException($"'{addr}' is not a silo address. One looks like 127.0.0.1:11111@42.");
    }

    /// <summary>The address as text that <see cref="FromParsableString"/> reads.</summary>
    public string ToParsableString() => string.Create(CultureInfo.InvariantCulture, $"{Endpoint.Address}:{Endpoint.Port}@{Generation}");

    /// <summary>A hash that is the same in every process.</summary>
    public int GetConsistentHashCode() => _hash;

    /// <inheritdoc/>
    public bool Equals(SiloAddress? other) => ReferenceEquals(this, other) || (other is not null && Generation == other.Generation && Endpoint.Equals(other.Endpoint));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SiloAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;

    /// <inheritdoc/>
    public int CompareTo(SiloAddress? other)
    {
        if (other is null) return 1;
        if (Generation != other.Generation) return Generation.CompareTo(other.Generation);
        if (Endpoint.Port != other.Endpoint.Port) return Endpoint.Port.CompareTo(other.Endpoint.Port);
        return Endpoint.Address.GetAddressBytes().AsSpan().SequenceCompareTo(other.Endpoint.Address.GetAddressBytes());
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsClient ? 'C' : 'S')}{Endpoint}:{Generation}");

    /// <summary>Eighths of a second since 2026, which lasts until 2034: no silo ends, is found to be gone and starts again at its endpoint that fast.</summary>
    internal static int NewGeneration(TimeProvider time) =>
        (int)((time.GetUtcNow() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).Ticks / (TimeSpan.TicksPerSecond / 8) & int.MaxValue);
}
