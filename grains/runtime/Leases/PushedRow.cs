using OrleansCache.Entries;

namespace OrleansCache.Leases;

/// <summary>A new row for a holder that has acknowledged the revocation of the old one.</summary>
/// <param name="Row">The row.</param>
/// <param name="Token">The holder's acknowledgement of that revocation.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.PushedRow")]
internal sealed record PushedRow([property: Id(0)] CachedRow Row, [property: Id(1)] RevocationToken Token);
