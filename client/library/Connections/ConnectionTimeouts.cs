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

    /// <summary>The lag of this process from which no client is started beside another one.</summary>
    public static readonly TimeSpan LagWithoutHedge = Hedge / 4;

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

    /// <summary>
    /// The pause between pings to a region that answers: it bounds for how long a lost region is not noticed while nobody looks anything
    /// up, and the near caches' renewals cost as many messages.
    /// </summary>
    public static readonly TimeSpan Pings = TimeSpan.FromSeconds(1);

    /// <summary>The pause between the first pings, with which the estimate has all its samples within a second.</summary>
    public static readonly TimeSpan FirstPings = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The pause between pings to a region that is silent or lost. It bounds for how long the region stays unused when it is back.
    /// </summary>
    public static readonly TimeSpan FastPings = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The time after which a ping is given up, and the next one uses another gateway. Longer than any round trip with a lost packet.
    /// </summary>
    public static readonly TimeSpan Ping = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long an edit or an operation waits for a region that has never been connected, before it goes through another one; as long as
    /// lookups do (<see cref="RegionDistance.Unmeasured"/>).
    /// </summary>
    public static readonly TimeSpan Region = TimeSpan.FromSeconds(1);

    /// <summary>The time that a client has to stop gracefully.</summary>
    public static readonly TimeSpan Stop = TimeSpan.FromSeconds(3);

    /// <summary>The time after which a client that is being stopped and disposed of is abandoned.</summary>
    public static readonly TimeSpan Close = TimeSpan.FromSeconds(5);
}
