using System.Globalization;
using Microsoft.Extensions.Configuration;
using Orleans.Configuration;
using OrleansCache.Configuration;
using OrleansCache.Http;
using OrleansCache.Redis;
using OrleansCache.Placement;

namespace OrleansCache.Silo.Configuration;

/// <summary>The settings of a silo process: those of the cache and those of the host, all in the section <c>OrleansCache</c>.</summary>
internal sealed class SiloHostOptions : CacheOptions
{
    /// <summary>The cluster that the silo belongs to; the same on every silo and client of it.</summary>
    public string ClusterId { get; set; } = "orleanscache";

    /// <summary>The service that the cluster serves; the same on every silo and client of it.</summary>
    public string ServiceId { get; set; } = "orleanscache";

    /// <summary>How silos find each other, and how soon they notice that one is gone.</summary>
    public SiloClusteringOptions Clustering { get; set; } = new();

    /// <summary>Its HTTP server.</summary>
    public HttpOptions Http { get; set; } = new();

    /// <summary>This silo.</summary>
    public SiloInstanceOptions Silo { get; set; } = new();

    /// <summary>Binds and validates the settings.</summary>
    /// <exception cref="SettingsException">The settings are invalid; it names all problems at once.</exception>
    public static SiloHostOptions Read(IConfiguration configuration)
    {
        var options = Bind(configuration);
        if (SiloHostOptionsValidator.Problems(options) is { Count: > 0 } problems)
            throw new SettingsException(problems);
        // With Redis the membership table outlives the silos and says which of them have left.
        if (options.Clustering.Redis.Length > 0 && options.Leases.Predecessors is Predecessors.Unknown)
            options.Leases.Predecessors = Predecessors.InTable;
        options.PropagateTraces |= options.Http.Traces;
        return options;
    }

    /// <summary>Binds the settings without validating them.</summary>
    /// <exception cref="SettingsException">A value cannot be converted to the type of its setting.</exception>
    private static SiloHostOptions Bind(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection(Section).Get<SiloHostOptions>() ?? new();
        }
        catch (InvalidOperationException error)
        {
            // The binder's message names the setting; the first line of the inner exception's says what is wrong with the value.
            var cause = error.InnerException?.Message.Split(" (Parameter")[0];
            throw new SettingsException($"{error.Message} {cause}".TrimEnd());
        }
    }
}

/// <summary>How silos find each other, and how soon they notice that one is gone.</summary>
internal sealed class SiloClusteringOptions
{
    /// <summary>The connection string of the Redis with the membership table. Empty: silos of one machine need none.</summary>
    public string Redis { get; set; } = "";

    /// <summary>Certificates, for a clustering Redis with <c>ssl=true</c>.</summary>
    public RedisTlsOptions Tls { get; set; } = new();

    /// <summary>Without Redis: <c>host:port</c> of the first silo's silo port. Empty: this silo is the first one.</summary>
    public string Primary { get; set; } = "";

    /// <summary>How far the timeout of a probe may grow with the distance of a silo and the loss on the way, in probe timeouts.</summary>
    public const int MostProbeTimeouts = 3;

    /// <summary>
    /// How long a silo may take to answer a probe at least, and how often it is probed. For a silo that is far away Orleans raises it,
    /// by what its answers take, up to <see cref="MostProbeTimeouts"/> times as much. Default: 600 ms.
    /// </summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromMilliseconds(600);

    /// <summary>How many probes in a row must fail before a silo votes to declare another one dead. Default: 3.</summary>
    public int MissedProbes { get; set; } = 3;

    /// <summary>How many votes declare a silo dead; in a cluster of two silos one is enough. Default: 2.</summary>
    public int Votes { get; set; } = 2;
}

/// <summary>One silo: which it is and where it listens.</summary>
internal sealed class SiloInstanceOptions
{
    /// <summary>The silo's region; one of the configured regions.</summary>
    public string Region { get; set; } = "";

    /// <summary>The silo's number among the silos of its region. Default: 1.</summary>
    public int Number { get; set; } = 1;

    /// <summary>The address, or its host name, by which other silos and clients reach this one.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port for other silos. Default: 11111.</summary>
    public int SiloPort { get; set; } = EndpointOptions.DEFAULT_SILO_PORT;

    /// <summary>The port for clients. Default: 30000.</summary>
    public int GatewayPort { get; set; } = EndpointOptions.DEFAULT_GATEWAY_PORT;

    /// <summary>Whether to listen on all addresses of the machine instead of <see cref="Address"/> alone.</summary>
    public bool ListenOnAny { get; set; }

    /// <summary>Encryption between silos, and between clients and silos.</summary>
    public TlsCertificateOptions Tls { get; set; } = new();

    /// <summary>The silo's name, which contains its region: <c>europe.1</c>.</summary>
    public string Name => SiloName.Of(Region, Number.ToString(CultureInfo.InvariantCulture));
}
