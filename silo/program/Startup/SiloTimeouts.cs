namespace OrleansCache.Silo.Startup;

/// <summary>
/// The time limits of a silo process. <see cref="Shutdown"/> and two times <see cref="Close"/> stay below 10 seconds, which is how long a
/// silo may take to end; the rest is for the end of the process on a busy machine.
/// </summary>
internal static class SiloTimeouts
{
    /// <summary>How long the silo has to hand its grains over when it stops.</summary>
    public static readonly TimeSpan Shutdown = TimeSpan.FromSeconds(7);

    /// <summary>Extra time for services that overrun <see cref="Shutdown"/>; also the limit for disposing of the host.</summary>
    public static readonly TimeSpan Close = TimeSpan.FromMilliseconds(750);

    /// <summary>
    /// How long closing the host may take after a failed start: as long as a busy machine needs to write the log's last line, the reason.
    /// </summary>
    public static readonly TimeSpan CloseUnstarted = TimeSpan.FromSeconds(10);

    /// <summary>How long the clustering Redis may take to answer a ping at the start.</summary>
    public static readonly TimeSpan ClusteringPing = TimeSpan.FromSeconds(2);

    /// <summary>How long a health check waits for the connection and the answer together.</summary>
    public static readonly TimeSpan HealthCheck = TimeSpan.FromSeconds(5);
}
