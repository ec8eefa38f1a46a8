namespace OrleansCache.Proof.Schedules;

/// <summary>
/// The SplitMix64 generator (Steele, Lea and Flood, 2014). <c>System.Random</c> may change between runtimes; a reported seed must always
/// give the same run.
/// </summary>
public sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 up to, but not including, the limit.</summary>
    public int Below(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return (int)Math.BigMul(Next(), (ulong)limit, out _);
    }

    /// <summary>A random duration in whole milliseconds, both bounds included.</summary>
    public TimeSpan Between(TimeSpan shortest, TimeSpan longest)
    {
        var (low, high) = ((int)shortest.TotalMilliseconds, (int)longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(low + Below(high - low + 1));
    }

    /// <summary>A random item.</summary>
    public T Of<T>(IReadOnlyList<T> things)
    {
        ArgumentNullException.ThrowIfNull(things);
        return things[Below(things.Count)];
    }
}
