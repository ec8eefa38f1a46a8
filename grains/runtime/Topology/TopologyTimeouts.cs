namespace OrleansCache.Topology;

/// <summary>
/// The timeouts of routers and of the silos that follow them, and of the pings between silos. A router lives in its own region, so its
/// timeouts and those of its silos need not follow the distances between regions.
/// </summary>
internal static class TopologyTimeouts
{
    /// <summary>How long a router waits for a silo of its region to take a ring or to report its statistics.</summary>
    public static readonly TimeSpan Silo = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the catalog may take to store a change of the topology. Together with <see cref="Silo"/>, for which the ring is published
    /// afterwards, it is below the client's OperationTimeout (15 s by default).
    /// </summary>
    public static readonly TimeSpan Catalog = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a silo waits for its router. Longer than <see cref="Silo"/>: the call may have to wait while the router publishes a ring.
    /// </summary>
    public static readonly TimeSpan Router = TimeSpan.FromSeconds(5);

    /// <summary>How long a silo that starts waits for the stored topology; without it, it begins with the configured one.</summary>
    public static readonly TimeSpan StoredTopologyAtStart = TimeSpan.FromSeconds(5);

    /// <summary>How often a silo pings each region.</summary>
    public static readonly TimeSpan PingPeriod = TimeSpan.FromSeconds(1);

    /// <summary>The pause between the first pings after a region's silos have changed.</summary>
    public static readonly TimeSpan FirstPings = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// After this time a ping counts as lost and not as a measurement. Far above any round trip with a few lost packets in it.
    /// </summary>
    public static readonly TimeSpan Ping = TimeSpan.FromSeconds(5);
}
