namespace OrleansCache;

/// <summary>What a silo has counted since it started, and what it holds now.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.SiloStatistics")]
public sealed record SiloStatistics
{
    /// <summary>The silo's name.</summary>
    [Id(0)] public required string Silo { get; init; }

    /// <summary>Its region.</summary>
    [Id(1)] public required string Region { get; init; }

    /// <summary>The version of the ring that it uses.</summary>
    [Id(2)] public long RingVersion { get; init; }

    /// <summary>Books held in memory now.</summary>
    [Id(3)] public long Copies { get; init; }

    /// <summary>Remembered absences held now.</summary>
    [Id(4)] public long Absences { get; init; }

    /// <summary>Bytes that the copies take now, bookkeeping included.</summary>
    [Id(5)] public long Bytes { get; init; }

    /// <summary>The bytes that they may take.</summary>
    [Id(6)] public long BudgetBytes { get; init; }

    /// <summary>Lookups answered from memory.</summary>
    [Id(7)] public long GrainHits { get; init; }

    /// <summary>Lookups answered by a Redis node.</summary>
    [Id(8)] public long RedisHits { get; init; }

    /// <summary>Lookups answered by an owner that still had the row.</summary>
    [Id(9)] public long OwnerHits { get; init; }

    /// <summary>Lookups answered by the catalog.</summary>
    [Id(10)] public long CatalogHits { get; init; }

    /// <summary>Reads sent to Redis nodes.</summary>
    [Id(11)] public long NodeReads { get; init; }

    /// <summary>Reads and writes of Redis nodes that failed or took too long.</summary>
    [Id(12)] public long NodeFailures { get; init; }

    /// <summary>Writes to Redis nodes that were not tried because too many were waiting.</summary>
    [Id(13)] public long NodeWritesDropped { get; init; }

    /// <summary>Rows asked of the catalog by this silo.</summary>
    [Id(14)] public long CatalogRows { get; init; }

    /// <summary>Queries in which it asked for them.</summary>
    [Id(15)] public long CatalogQueries { get; init; }

    /// <summary>Copies that left because others were used more recently.</summary>
    [Id(16)] public long Evictions { get; init; }

    /// <summary>Copies that left because their time to live ended.</summary>
    [Id(17)] public long Expirations { get; init; }

    /// <summary>Answers that were given without being kept, for want of memory.</summary>
    [Id(18)] public long NotKept { get; init; }

    /// <summary>Rows asked of the catalog to renew leases on them, beside <see cref="CatalogRows"/>.</summary>
    [Id(19)] public long Renewals { get; init; }
}
