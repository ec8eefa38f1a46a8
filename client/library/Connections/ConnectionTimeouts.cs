namespace OrleansCache.Client;

/// <summary>
/// The fixed times of connections. <see cref="RetryPause"/> &lt; <see cref="GatewayRefresh"/> &lt; <see cref="Socket"/> &lt;
/// <see cref="Attempt"/>, so that an attempt tries several gateways several times; <see cref="Stop"/> &lt; <see cref="Close"/>, which
/// includes it.
/// </summary>
internal static class ConnectionTimeouts
{
    /// <summary>The pause between two tries to connect to gateways. It bounds how long a region that is back stays unused.</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    /// <summary>The time after which another client is started beside one that hangs.</summary>
    public static readonly TimeSpan Hedge = TimeSpan.FromSeconds(1);

    /// <summary>The time that a client has to connect before it is replaced.</summary>
    public static readonly TimeSpan Attempt = TimeSpan.FromSeconds(15);

    /// <summary>The timeout of opening a socket; a machine that is down does not even send a refusal.</summary>
    public static readonly TimeSpan Socket = TimeSpan.FromSeconds(2);

    /// <summary>How often the gateways of a region are looked up.</summary>
    public static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often a connected client asks for the cluster's types of grains; while it connects, after each <see cref="RetryPause"/>.
    /// </summary>
    public static readonly TimeSpan TypesRefresh = TimeSpan.FromSeconds(5);

    /// <summary>How often a connected client is checked for having lost its cluster's grains.</summary>
    public static readonly TimeSpan Check = TimeSpan.FromSeconds(1);

    /// <summary>The time that a client has to stop gracefully.</summary>
    public static readonly TimeSpan Stop = TimeSpan.FromSeconds(3);

    /// <summary>The time after which a client that is being stopped and disposed of is abandoned.</summary>
    public static readonly TimeSpan Close = TimeSpan.FromSeconds(5);
}
