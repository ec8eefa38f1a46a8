namespace OrleansCache.Redis;

/// <summary>
/// How a silo treats its region's nodes. With the usual values about five failures in a row open a node's circuit, within
/// little more than a second, and a node that answers again is back within about a second.
/// </summary>
public sealed record NodeOptions
{
    /// <summary>How long a call may take; 200 ms by custom.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// How many calls of this silo may be under way to one node; 1,024 by custom. A call that was given up counts until the
    /// connection is through with it.
    /// </summary>
    public int MaxInFlight { get; init; } = 1024;

    /// <summary>The part of the calls within <see cref="SamplingDuration"/> that must fail to open the circuit, above 0 to 1; 0.5 by custom.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>The fewest calls within <see cref="SamplingDuration"/> that may open the circuit, 2 or more; 5 by custom.</summary>
    public int MinimumThroughput { get; init; } = 5;

    /// <summary>
    /// How far back calls are counted, half a second to a day; 2 s by custom. It is longer where <see cref="MinimumThroughput"/>
    /// calls, one after the other and each as long as the budget, would not fit.
    /// </summary>
    public TimeSpan SamplingDuration { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How often a node whose circuit is open is probed; every second by custom.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a probe may wait on a connection before that is replaced by a new one; 10 s by custom. A peer that vanished
    /// without a word would otherwise be waited for until TCP gives up, for many minutes.
    /// </summary>
    public TimeSpan ReconnectAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What stands before a book's key in Redis; <c>orleanscache:</c> by custom.</summary>
    public string KeyPrefix { get; init; } = "orleanscache:";

    /// <summary>How many bytes a server in memory (<c>memory:NAME</c>) keeps; 64 MiB by custom.</summary>
    public long MemoryServerBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Says what is wrong with the settings, each with its name and value; nothing when they can be used.</summary>
    public IEnumerable<string> Problems()
    {
        var longest = TimeSpan.FromDays(1);
        if (Budget <= TimeSpan.Zero || Budget > longest)
            yield return $"{nameof(Budget)} is {Budget}; give a time above zero, such as 00:00:00.200.";
        if (MaxInFlight < 1)
            yield return $"{nameof(MaxInFlight)} is {MaxInFlight}; give at least 1, such as 1024.";
        if (FailureRatio is not (> 0 and <= 1))
            yield return $"{nameof(FailureRatio)} is {FailureRatio}; give a number above 0 and at most 1, such as 0.5.";
        if (MinimumThroughput < 2)
            yield return $"{nameof(MinimumThroughput)} is {MinimumThroughput}; give at least 2, such as 5.";
        if (SamplingDuration < TimeSpan.FromMilliseconds(500) || SamplingDuration > longest)
            yield return $"{nameof(SamplingDuration)} is {SamplingDuration}; give half a second to a day, such as 00:00:02.";
        if (RetryAfter <= TimeSpan.Zero || RetryAfter > longest)
            yield return $"{nameof(RetryAfter)} is {RetryAfter}; give a time above zero, such as 00:00:01.";
        if (ReconnectAfter <= TimeSpan.Zero || ReconnectAfter > longest)
            yield return $"{nameof(ReconnectAfter)} is {ReconnectAfter}; give a time above zero, such as 00:00:10.";
        if (KeyPrefix is null)
            yield return $"{nameof(KeyPrefix)} is null; give a text, such as \"orleanscache:\".";
        if (MemoryServerBytes < 1)
            yield return $"{nameof(MemoryServerBytes)} is {MemoryServerBytes}; give at least 1, such as 67108864.";
    }
}
