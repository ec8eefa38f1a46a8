namespace OrleansCache.Redis;

/// <summary>
/// How a silo calls its region's nodes. With the default values five failures in a row, which take little more than a second, open a
/// node's circuit, and a node that responds again is used again within about a second.
/// </summary>
public sealed record NodeOptions
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>How long a call may take. Default: 200 ms.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How many calls of this silo to one node may be in flight; the next one is refused. Default: 1,024. A call that its caller has
    /// given up counts until it ends, at most about a second more than the larger of two seconds and twice the <see cref="Budget"/>.
    /// </summary>
    public int MaxInFlight { get; init; } = 1024;

    /// <summary>
    /// The share of the calls within <see cref="SamplingDuration"/> that must fail to open the circuit, above 0 to 1. Default: 0.5.
    /// </summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>The fewest calls within <see cref="SamplingDuration"/> that can open the circuit, 2 or more. Default: 5.</summary>
    public int MinimumThroughput { get; init; } = 5;

    /// <summary>
    /// The window in which calls are counted, half a second to a day. Default: 2 s. It is extended when <see cref="MinimumThroughput"/>
    /// calls, one after the other and each as long as the budget, would not fit into it.
    /// </summary>
    public TimeSpan SamplingDuration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a node whose circuit is open is probed. Default: every second.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a Redis Cluster may leave the reads of more than half of its keys unserved before it is off the ring; a cluster repairs
    /// itself by a fail-over, for which keys must not move. At least twice its <c>cluster-node-timeout</c>. Default: 10 s.
    /// </summary>
    public TimeSpan FailoverPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What the cache's keys in Redis begin with; the cluster's id and the region follow. Not empty. Default: <c>orleanscache:</c>.
    /// </summary>
    public string KeyPrefix { get; init; } = "orleanscache:";

    /// <summary>
    /// A secret of at least 16 characters, the same on all silos, with which entries are sealed, so that nobody else who can write to a
    /// Redis can forge one. Default: none; then entries have a checksum alone. Never logged.
    /// </summary>
    public string EntrySecret { get; init; } = "";

    /// <summary>Certificates, for nodes with <c>ssl=true</c>.</summary>
    public RedisTlsOptions Tls { get; init; } = new();

    /// <summary>The bytes that a server in memory (<c>memory:NAME</c>) holds. Default: 64 MiB.</summary>
    public long MemoryServerBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>What is invalid, each with its name, its value and a valid one; empty when the settings are valid.</summary>
    public IEnumerable<string> Problems()
    {
        if (Budget <= TimeSpan.Zero || Budget > Longest)
            yield return $"{nameof(Budget)} is {Budget}; give a time above zero and at most a day, such as 00:00:00.200.";
        // With fewer, the calls to a node that hangs would fill the cap before enough of them have failed to open its circuit.
        if (MaxInFlight < Math.Max(1, MinimumThroughput))
            yield return $"{nameof(MaxInFlight)} is {MaxInFlight}; give at least the {nameof(MinimumThroughput)}, such as 1024.";
        if (FailureRatio is not (> 0 and <= 1))
            yield return $"{nameof(FailureRatio)} is {FailureRatio}; give a number above 0 and at most 1, such as 0.5.";
        if (MinimumThroughput < 2)
            yield return $"{nameof(MinimumThroughput)} is {MinimumThroughput}; give at least 2, such as 5.";
        if (SamplingDuration < TimeSpan.FromMilliseconds(500) || SamplingDuration > Longest)
            yield return $"{nameof(SamplingDuration)} is {SamplingDuration}; give half a second to a day, such as 00:00:02.";
        if (RetryAfter <= TimeSpan.Zero || RetryAfter > Longest)
            yield return $"{nameof(RetryAfter)} is {RetryAfter}; give a time above zero and at most a day, such as 00:00:01.";
        if (FailoverPatience < TimeSpan.Zero || FailoverPatience > Longest)
            yield return $"{nameof(FailoverPatience)} is {FailoverPatience}; give a time up to a day, such as 00:00:10.";
        // A purge removes everything that begins with it.
        if (string.IsNullOrWhiteSpace(KeyPrefix))
            yield return $"{nameof(KeyPrefix)} is empty; give a text, such as \"orleanscache:\".";
        if (EntrySecret.Length is > 0 and < 16)
            yield return $"{nameof(EntrySecret)} is shorter than 16 characters; give a longer one, or none.";
        foreach (var problem in Tls.Problems())
            yield return $"{nameof(Tls)}:{problem}";
        if (MemoryServerBytes < 1)
            yield return $"{nameof(MemoryServerBytes)} is {MemoryServerBytes}; give at least 1, such as 67108864.";
    }
}
