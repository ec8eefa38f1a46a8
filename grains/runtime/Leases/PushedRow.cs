using OrleansCache.Entries;

namespace OrleansCache.Leases;

/// <summary>A new row for a holder that has acknowledged the revocation of the old one.</summary>
/// <param name="Row">The row.</param>
/// <param name="Token">The holder's acknowledgement of that revocation.</param>
/// <param name="Generation">The generation of the volume lease under which the holder may use it.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.PushedVolumeRow")]
internal sealed record PushedRow(
    [property: Id(0)] CachedRow Row, [property: Id(1)] RevocationToken Token, [property: Id(2)] LeaseGeneration Generation);
