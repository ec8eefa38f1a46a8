using System.Collections.Immutable;

namespace OrleansCache.Http;

/// <summary>How often durations were seen, in the buckets of <see cref="TierLoads"/>.</summary>
internal sealed class DurationCounts
{
    private const double FirstEnd = 0.016;

    private static readonly double Step = Math.Pow(2, 0.25);

    private readonly long[] _counts;

    private DurationCounts(long[] counts) => (_counts, Total) = (counts, counts.Sum());

    /// <summary>No duration.</summary>
    public static DurationCounts None { get; } = new([]);

    /// <summary>How many there are.</summary>
    public long Total { get; }

    /// <summary>The durations that are in the later report of a silo and not in the earlier one.</summary>
    public static DurationCounts Between(ImmutableArray<long> earlier, ImmutableArray<long> later) =>
        new([.. later.Select((count, i) => Math.Max(0, count - (i < earlier.Length ? earlier[i] : 0)))]);

    /// <summary>The durations of both.</summary>
    public static DurationCounts operator +(DurationCounts one, DurationCounts other) =>
        new(
        [
            .. Enumerable.Range(0, Math.Max(one._counts.Length, other._counts.Length))
                .Select(i => (i < one._counts.Length ? one._counts[i] : 0) + (i < other._counts.Length ? other._counts[i] : 0)),
        ]);

    /// <summary>The end, in milliseconds, of the bucket in which a share of them is reached; 0 when there are none.</summary>
    public double Percentile(double share)
    {
        var wanted = Math.Max(1, share * Total);
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
                return Math.Round(FirstEnd * Math.Pow(Step, i), 3);
        }

        return 0;
    }
}
