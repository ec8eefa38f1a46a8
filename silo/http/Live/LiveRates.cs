using System.Text.Json.Serialization;

namespace OrleansCache.Http;

/// <summary>What silos did per second.</summary>
internal sealed record LiveRates
{
    /// <summary>Lookups answered from memory.</summary>
    public double Silo { get; init; }

    /// <summary>Lookups answered by a node.</summary>
    public double Redis { get; init; }

    /// <summary>Lookups answered by an owner.</summary>
    public double Owner { get; init; }

    /// <summary>Lookups answered by the catalog.</summary>
    public double Catalog { get; init; }

    /// <summary>Rows read from the catalog, those that renew leases included.</summary>
    public double CatalogRows { get; init; }

    /// <summary>Lookups refused because a silo had too much to load.</summary>
    public double Shed { get; init; }

    /// <summary>Calls of nodes that failed.</summary>
    public double NodeFailures { get; init; }

    /// <summary>Entries evicted to make room.</summary>
    public double Evictions { get; init; }

    /// <summary>Rows that were not kept because there was no room.</summary>
    public double NotKept { get; init; }

    /// <summary>Answers that carried a flag.</summary>
    public double Flagged { get; init; }

    /// <summary>Edits that were made.</summary>
    public double Edits { get; init; }

    /// <summary>Leases whose end an edit waited for, because their holder did not acknowledge.</summary>
    public double Lapses { get; init; }

    /// <summary>How long loads took.</summary>
    [JsonIgnore]
    public LoadTimes Loads { get; init; } = LoadTimes.None;

    /// <summary>For how long edits waited for the holders of leases.</summary>
    [JsonIgnore]
    public DurationCounts EditWaits { get; init; } = DurationCounts.None;

    /// <summary>All lookups that were answered.</summary>
    public double Lookups => Silo + Redis + Owner + Catalog;

    /// <summary>
    /// The difference of two reports of a silo. Counters that have become smaller are those of a silo that was started again: they count
    /// from zero, so no rate is ever negative.
    /// </summary>
    /// <param name="earlier">The earlier report.</param>
    /// <param name="later">The later one.</param>
    /// <param name="elapsed">The time between them; longer than zero.</param>
    public static LiveRates Between(SiloStatistics earlier, SiloStatistics later, TimeSpan elapsed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(elapsed, TimeSpan.Zero);
        var restarted = HasRestarted(earlier, later);
        return new()
        {
            Silo = PerSecond(earlier.GrainHits, later.GrainHits),
            Redis = PerSecond(earlier.RedisHits, later.RedisHits),
            Owner = PerSecond(earlier.OwnerHits, later.OwnerHits),
            Catalog = PerSecond(earlier.CatalogHits, later.CatalogHits),
            CatalogRows = PerSecond(earlier.CatalogRows, later.CatalogRows),
            Shed = PerSecond(earlier.Shed, later.Shed),
            NodeFailures = PerSecond(earlier.NodeFailures, later.NodeFailures),
            Evictions = PerSecond(earlier.Evictions, later.Evictions),
            NotKept = PerSecond(earlier.NotKept, later.NotKept),
            Flagged = PerSecond(earlier.Stale + earlier.Unleased, later.Stale + later.Unleased),
            Edits = PerSecond(earlier.Edits, later.Edits),
            Lapses = PerSecond(earlier.Lapses, later.Lapses),
            Loads = LoadTimes.Between(restarted ? [] : earlier.Loads, later.Loads),
            // A silo of a former version does not say it.
            EditWaits = later.EditWaits.IsDefault
                ? DurationCounts.None
                : DurationCounts.Between(restarted || earlier.EditWaits.IsDefault ? [] : earlier.EditWaits, later.EditWaits),
        };

        double PerSecond(long before, long after) => (restarted ? after : after - before) / elapsed.TotalSeconds;
    }

    /// <summary>Whether the later report is that of a silo that was started again.</summary>
    public static bool HasRestarted(SiloStatistics earlier, SiloStatistics later) =>
        later.GrainHits < earlier.GrainHits || later.RedisHits < earlier.RedisHits || later.OwnerHits < earlier.OwnerHits
        || later.CatalogHits < earlier.CatalogHits || later.NodeReads < earlier.NodeReads || later.NodeFailures < earlier.NodeFailures
        || later.CatalogRows < earlier.CatalogRows || later.CatalogQueries < earlier.CatalogQueries
        || later.Evictions < earlier.Evictions || later.Expirations < earlier.Expirations || later.NotKept < earlier.NotKept
        || later.Shed < earlier.Shed || later.Edits < earlier.Edits || later.Stale < earlier.Stale || later.Unleased < earlier.Unleased;

    /// <summary>The rates of several silos together; null when none is known.</summary>
    public static LiveRates? Sum(IEnumerable<LiveRates?> rates)
    {
        LiveRates? sum = null;
        foreach (var one in rates)
        {
            if (one is not null)
                sum = sum is null ? one : sum + one;
        }

        return sum;
    }

    /// <summary>
    /// The numbers of a point of the history: lookups by tier (silo, redis, owner, catalog), catalog rows, shed, node failures, flagged,
    /// edits.
    /// </summary>
    public double[] ToPoint() =>
    [
        .. ((double[])[Silo, Redis, Owner, Catalog, CatalogRows, Shed, NodeFailures, Flagged, Edits])
            .Select(value => Math.Round(value, 1)),
    ];

    public static LiveRates operator +(LiveRates one, LiveRates other) => new()
    {
        Silo = one.Silo + other.Silo,
        Redis = one.Redis + other.Redis,
        Owner = one.Owner + other.Owner,
        Catalog = one.Catalog + other.Catalog,
        CatalogRows = one.CatalogRows + other.CatalogRows,
        Shed = one.Shed + other.Shed,
        NodeFailures = one.NodeFailures + other.NodeFailures,
        Evictions = one.Evictions + other.Evictions,
        NotKept = one.NotKept + other.NotKept,
        Flagged = one.Flagged + other.Flagged,
        Edits = one.Edits + other.Edits,
        Lapses = one.Lapses + other.Lapses,
        Loads = one.Loads + other.Loads,
        EditWaits = one.EditWaits + other.EditWaits,
    };
}
