namespace OrleansCache;

/// <summary>What a caller asks of one lookup.</summary>
/// <param name="Fresh">Read the catalog itself, past every cache; what it gives replaces the copies on its way.</param>
/// <param name="RefuseFlagged">Fail rather than answer with a flag.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LookupOptions")]
public readonly record struct LookupOptions([property: Id(0)] bool Fresh, [property: Id(1)] bool RefuseFlagged);
