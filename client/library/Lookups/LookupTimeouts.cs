namespace OrleansCache.Client;

/// <summary>
/// The fixed times of lookups. The others are settings: <see cref="CacheClientOptions.AttemptBudget"/> (the soft timeout of an attempt, 300
/// ms) and <see cref="CacheClientOptions.Deadline"/> (the hard timeout of a lookup, 2 s). In order: <see cref="HedgeStagger"/> &lt;
/// <see cref="LongestCircuitPause"/> &lt; the soft timeout &lt; <see cref="SilenceMemory"/>.
/// </summary>
internal static class LookupTimeouts
{
    /// <summary>
    /// The pause between the regions that are asked in parallel: short, because a lookup that comes to this has already lost time, and not
    /// zero, because an answer from a near region saves the request to the next one.
    /// </summary>
    public static readonly TimeSpan HedgeStagger = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// The longest pause between two trial requests of an open circuit. It bounds how long a region that is back stays unused.
    /// </summary>
    public static readonly TimeSpan LongestCircuitPause = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a region's timeouts, or its late answers, influence later lookups. Several attempts must fit into it.</summary>
    public static readonly TimeSpan SilenceMemory = TimeSpan.FromSeconds(2);
}
