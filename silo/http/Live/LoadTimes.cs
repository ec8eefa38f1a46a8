using System.Collections.Immutable;

namespace OrleansCache.Http;

/// <summary>How long loads took, by the tier that answered them.</summary>
internal sealed class LoadTimes
{
    private static readonly Tier[] Tiers = [Tier.Silo, Tier.Redis, Tier.Owner, Tier.Catalog];

    private readonly DurationCounts[] _times;

    private LoadTimes(DurationCounts[] times) => _times = times;

    /// <summary>No load.</summary>
    public static LoadTimes None { get; } = new(Array.ConvertAll(Tiers, _ => DurationCounts.None));

    /// <summary>The loads that are in the later report of a silo and not in the earlier one.</summary>
    public static LoadTimes Between(ImmutableArray<TierLoads> earlier, ImmutableArray<TierLoads> later) =>
        new(Array.ConvertAll(Tiers, tier => DurationCounts.Between(Of(earlier, tier), Of(later, tier))));

    /// <summary>The loads of both.</summary>
    public static LoadTimes operator +(LoadTimes one, LoadTimes other) =>
        new([.. one._times.Zip(other._times, (of, to) => of + to)]);

    /// <summary>The times of each tier that has answered a load.</summary>
    public ImmutableArray<LiveLatency> Describe() =>
    [
        .. Tiers.Zip(_times, (tier, times) => new LiveLatency(
            tier.ToString().ToLowerInvariant(), times.Total, times.Percentile(0.5), times.Percentile(0.99))).Where(tier => tier.Count > 0),
    ];

    private static ImmutableArray<long> Of(ImmutableArray<TierLoads> loads, Tier tier) =>
        loads.FirstOrDefault(one => one.Tier == tier).Counts is { IsDefault: false } counts ? counts : [];
}

/// <summary>How long the loads took that a tier has answered.</summary>
/// <param name="Tier">The tier: silo, redis, owner or catalog.</param>
/// <param name="Count">How many there were.</param>
/// <param name="Median">What half of them took at most, in milliseconds.</param>
/// <param name="Slow">What 99 in 100 took at most.</param>
internal sealed record LiveLatency(string Tier, long Count, double Median, double Slow);
