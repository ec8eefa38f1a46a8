using OrleansCache.Entries;

namespace OrleansCache.Leases;

/// <summary>A new row for a holder that has given its lease on the old one back.</summary>
/// <param name="Row">The row.</param>
/// <param name="Token">What the holder said when it gave the lease back.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.PushedRow")]
internal sealed record PushedRow([property: Id(0)] CachedRow Row, [property: Id(1)] RevocationToken Token);
