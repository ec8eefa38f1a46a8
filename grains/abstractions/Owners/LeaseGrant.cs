namespace OrleansCache;

/// <summary>The response of an owner to a <see cref="LeaseRequest"/>.</summary>
/// <param name="Row">The catalog's row; null when it is the one that the silo knows.</param>
/// <param name="Lease">
/// How long the silo may answer from the row, counted from before its request; zero when only lookups that began before the request may be
/// answered with it.
/// </param>
/// <param name="Age">The time since the start of the catalog read that the row comes from.</param>
/// <param name="FromMemory">Whether the row comes from a read that had begun before the request.</param>
/// <param name="IsPastCooldown">Whether the book was not edited within the last moments, so that near caches may keep it.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LeaseGrant")]
internal sealed record LeaseGrant(
    [property: Id(0)] CachedRow? Row,
    [property: Id(1)] TimeSpan Lease,
    [property: Id(2)] TimeSpan Age,
    [property: Id(3)] bool FromMemory,
    [property: Id(4)] bool IsPastCooldown);
