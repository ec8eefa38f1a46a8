using System.Globalization;
using Orleans.Configuration;
using OrleansCache.Configuration;
using OrleansCache.Placement;

namespace OrleansCache.Silo.Configuration;

/// <summary>A silo process.</summary>
public sealed class SiloSettings
{
    internal const string TlsSection = $"{CacheSettings.Section}:Silo:Tls";

    /// <summary>The region that the silo belongs to; one of the configured regions.</summary>
    public string Region { get; set; } = "";

    /// <summary>What tells the silo from its region's other silos.</summary>
    public int Number { get; set; } = 1;

    /// <summary>The address by which other silos and clients reach this one, or a name for it.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port for other silos.</summary>
    public int SiloPort { get; set; } = EndpointOptions.DEFAULT_SILO_PORT;

    /// <summary>The port for clients.</summary>
    public int GatewayPort { get; set; } = EndpointOptions.DEFAULT_GATEWAY_PORT;

    /// <summary>Listen on every address of the machine instead of <see cref="Address"/> alone.</summary>
    public bool ListenOnAny { get; set; }

    /// <summary>
    /// Whether each region's first configured node is a server of this run alone, as in a local cluster: the catalog then keeps it by
    /// the word <c>local</c> instead of its address, which is another one the next time.
    /// </summary>
    public bool OwnNodes { get; set; }

    /// <summary>Encryption between silos, and between clients and silos.</summary>
    public TlsSettings Tls { get; set; } = new();

    /// <summary>The silo's name, which tells its region.</summary>
    public string Name => SiloName.Of(Region, Number.ToString(CultureInfo.InvariantCulture));
}
