using System.Collections.Immutable;

namespace OrleansCache.Telemetry;

/// <summary>
/// Counts durations in buckets, each of which is wider than the one before by a quarter of an octave, so that a quantile is within 10%.
/// Lookups add to it; the statistics of a silo contain it. Thread-safe.
/// </summary>
internal sealed class DurationHistogram
{
    // The first bucket ends at 16 µs, the last one begins at about 67 s.
    private const int PerOctave = 4;
    private const int Octaves = 22;
    private const double FirstMicroseconds = 16;

    private readonly long[] _counts = new long[(PerOctave * Octaves) + 1];

    /// <summary>Adds a duration.</summary>
    public void Add(TimeSpan duration)
    {
        var octaves = Math.Log2(Math.Max(duration.TotalMicroseconds, FirstMicroseconds) / FirstMicroseconds);
        Interlocked.Increment(ref _counts[Math.Min((int)Math.Ceiling(octaves * PerOctave), _counts.Length - 1)]);
    }

    /// <summary>The counts so far, without the empty buckets at the end.</summary>
    public ImmutableArray<long> Counts()
    {
        var used = _counts.Length;
        while (used > 0 && Volatile.Read(ref _counts[used - 1]) == 0)
            used--;
        var counts = ImmutableArray.CreateBuilder<long>(used);
        for (var i = 0; i < used; i++)
            counts.Add(Volatile.Read(ref _counts[i]));
        return counts.MoveToImmutable();
    }

    /// <summary>The upper end of the bucket in which a quantile lies.</summary>
    /// <param name="counts">The counts of the buckets.</param>
    /// <param name="quantile">0 to 1.</param>
    /// <returns>Null when nothing was counted.</returns>
    public static TimeSpan? Quantile(ReadOnlySpan<long> counts, double quantile)
    {
        long total = 0;
        foreach (var count in counts)
            total += count;
        if (total <= 0)
            return null;
        var rank = Math.Max(1, (long)Math.Ceiling(quantile * total));
        for (var i = 0; i < counts.Length; i++)
        {
            if ((rank -= counts[i]) <= 0)
                return TimeSpan.FromMicroseconds(FirstMicroseconds * Math.Pow(2, (double)i / PerOctave));
        }

        return null;
    }
}
