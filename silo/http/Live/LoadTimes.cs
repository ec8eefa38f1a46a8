using System.Collections.Immutable;

namespace OrleansCache.Http;

/// <summary>How long loads took, by the tier that answered them, in the buckets of <see cref="TierLoads"/>.</summary>
internal sealed class LoadTimes
{
    private const double FirstEnd = 0.016;

    private static readonly double Step = Math.Pow(2, 0.25);
    private static readonly Tier[] Tiers = [Tier.Silo, Tier.Redis, Tier.Owner, Tier.Catalog];

    private readonly long[][] _counts;

    private LoadTimes(long[][] counts) => _counts = counts;

    /// <summary>No load.</summary>
    public static LoadTimes None { get; } = new([[], [], [], []]);

    /// <summary>The loads that are in the later report of a silo and not in the earlier one.</summary>
    public static LoadTimes Between(ImmutableArray<TierLoads> earlier, ImmutableArray<TierLoads> later) =>
        new(Array.ConvertAll(Tiers, tier => Difference(Of(earlier, tier), Of(later, tier))));

    /// <summary>The loads of both.</summary>
    public static LoadTimes operator +(LoadTimes one, LoadTimes other) =>
        new([.. one._counts.Zip(other._counts, Sum)]);

    /// <summary>The times of each tier that has answered a load.</summary>
    public ImmutableArray<LiveLatency> Describe() =>
    [
        .. Tiers.Select((tier, i) => new LiveLatency(tier.ToString().ToLowerInvariant(), _counts[i].Sum(), Percentile(_counts[i], 0.5),
            Percentile(_counts[i], 0.99))).Where(tier => tier.Count > 0),
    ];

    private static ImmutableArray<long> Of(ImmutableArray<TierLoads> loads, Tier tier) =>
        loads.FirstOrDefault(one => one.Tier == tier).Counts is { IsDefault: false } counts ? counts : [];

    private static long[] Difference(ImmutableArray<long> earlier, ImmutableArray<long> later) =>
        [.. later.Select((count, i) => Math.Max(0, count - (i < earlier.Length ? earlier[i] : 0)))];

    private static long[] Sum(long[] one, long[] other) =>
    [
        .. Enumerable.Range(0, Math.Max(one.Length, other.Length))
            .Select(i => (i < one.Length ? one[i] : 0) + (i < other.Length ? other[i] : 0)),
    ];

    /// <summary>The end, in milliseconds, of the bucket in which a share of the loads is reached.</summary>
    private static double Percentile(long[] counts, double share)
    {
        var wanted = Math.Max(1, share * counts.Sum());
        long seen = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            seen += counts[i];
            if (seen >= wanted)
                return Math.Round(FirstEnd * Math.Pow(Step, i), 3);
        }

        return 0;
    }
}

/// <summary>How long the loads took that a tier has answered.</summary>
/// <param name="Tier">The tier: silo, redis, owner or catalog.</param>
/// <param name="Count">How many there were.</param>
/// <param name="Median">What half of them took at most, in milliseconds.</param>
/// <param name="Slow">What 99 in 100 took at most.</param>
internal sealed record LiveLatency(string Tier, long Count, double Median, double Slow);
