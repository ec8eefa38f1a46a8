using System.Collections.Immutable;

namespace OrleansCache;

/// <summary>The counters of a silo since it started, and its gauges.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.SiloStatistics")]
public sealed record SiloStatistics
{
    /// <summary>The silo's name.</summary>
    [Id(0)] public required string Silo { get; init; }

    /// <summary>Its region.</summary>
    [Id(1)] public required string Region { get; init; }

    /// <summary>The version of its ring.</summary>
    [Id(2)] public long RingVersion { get; init; }

    /// <summary>Entries in memory now, absences not included.</summary>
    [Id(3)] public long Copies { get; init; }

    /// <summary>Cached absences in memory now: keys without a row in the catalog.</summary>
    [Id(4)] public long Absences { get; init; }

    /// <summary>The size of both in bytes, overhead included.</summary>
    [Id(5)] public long Bytes { get; init; }

    /// <summary>The limit of <see cref="Bytes"/>.</summary>
    [Id(6)] public long BudgetBytes { get; init; }

    /// <summary>Lookups answered from memory.</summary>
    [Id(7)] public long GrainHits { get; init; }

    /// <summary>Lookups answered by a Redis node.</summary>
    [Id(8)] public long RedisHits { get; init; }

    /// <summary>Lookups answered by an owner from a row that it had just read.</summary>
    [Id(9)] public long OwnerHits { get; init; }

    /// <summary>Lookups answered by the catalog.</summary>
    [Id(10)] public long CatalogHits { get; init; }

    /// <summary>Reads sent to Redis nodes.</summary>
    [Id(11)] public long NodeReads { get; init; }

    /// <summary>Of these, reads of the node that a key belonged to before the ring changed.</summary>
    [Id(44)] public long FormerNodeReads { get; init; }

    /// <summary>Reads and writes of Redis nodes that failed or timed out.</summary>
    [Id(12)] public long NodeFailures { get; init; }

    /// <summary>Writes to Redis nodes that were dropped because the queue was full.</summary>
    [Id(13)] public long NodeWritesDropped { get; init; }

    /// <summary>Rows that this silo requested from the catalog.</summary>
    [Id(14)] public long CatalogRows { get; init; }

    /// <summary>The queries with which it requested them.</summary>
    [Id(15)] public long CatalogQueries { get; init; }

    /// <summary>Entries evicted as the least recently used.</summary>
    [Id(16)] public long Evictions { get; init; }

    /// <summary>Entries removed at the end of their TTL.</summary>
    [Id(17)] public long Expirations { get; init; }

    /// <summary>Rows that were returned without being cached, because the budget was full.</summary>
    [Id(18)] public long NotKept { get; init; }

    /// <summary>Lookups refused because the silo had more to load than it can.</summary>
    [Id(20)] public long Shed { get; init; }

    /// <summary>The round trips between this silo and each region, as measured now.</summary>
    [Id(21)] public ImmutableArray<RegionRoundTrip> RoundTrips { get; init; } = [];

    /// <summary>How long another silo, however far away, may take at most to answer this silo's membership probe.</summary>
    [Id(22)] public TimeSpan MaxProbeTimeout { get; init; }

    /// <summary>The owners of slots that are active on the silo: all of them are in the home region, while it has a silo.</summary>
    [Id(23)] public int Owners { get; init; }

    /// <summary>Lookups that joined a load of the same book that was in flight.</summary>
    [Id(24)] public long Coalesced { get; init; }

    /// <summary>Answers flagged as stale: the lease had ended, and could not be renewed.</summary>
    [Id(25)] public long Stale { get; init; }

    /// <summary>Answers flagged as unleased: the owner could not be reached.</summary>
    [Id(26)] public long Unleased { get; init; }

    /// <summary>Edits that the silo's owners have made, those that changed nothing or conflicted included.</summary>
    [Id(27)] public long Edits { get; init; }

    /// <summary>Leases that the silo's owners have revoked for edits.</summary>
    [Id(28)] public long Revocations { get; init; }

    /// <summary>Of these, those whose end was waited for, because their holder did not acknowledge.</summary>
    [Id(29)] public long Lapses { get; init; }

    /// <summary>How long loads took, by the tier that answered them.</summary>
    [Id(30)] public ImmutableArray<TierLoads> Loads { get; init; } = [];

    /// <summary>For how long edits have waited for the holders of leases, in the buckets of <see cref="TierLoads"/>.</summary>
    [Id(42)] public ImmutableArray<long> EditWaits { get; init; } = [];

    /// <summary>Whether the silo's last query of the catalog has failed.</summary>
    [Id(40)] public bool CatalogFailed { get; init; }

    /// <summary>The version of the silo's program; null when it does not say.</summary>
    [Id(41)] public string? Version { get; init; }

    /// <summary>The nodes of its region that are not up for it.</summary>
    [Id(43)] public ImmutableArray<NodeTrouble> NodeTroubles { get; init; } = [];
}

/// <summary>How long the loads of a silo took that a tier has answered.</summary>
/// <param name="Tier">The tier.</param>
/// <param name="Counts">
/// The number of loads in each bucket since the silo started. The first bucket ends at 16 µs, each further one at 2^(1/4) times the end of
/// the one before; empty ones at the end are left out.
/// </param>
[GenerateSerializer, Immutable, Alias("OrleansCache.TierLoads")]
public readonly record struct TierLoads([property: Id(0)] Tier Tier, [property: Id(1)] ImmutableArray<long> Counts);

/// <summary>A round trip to a region.</summary>
/// <param name="Region">The region.</param>
/// <param name="Time">The shortest of the last pings; null while there was none.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.RegionRoundTrip")]
public readonly record struct RegionRoundTrip([property: Id(0)] string Region, [property: Id(1)] TimeSpan? Time);
