namespace OrleansCache;

/// <summary>An owner's answer to a <see cref="LeaseRequest"/>.</summary>
/// <param name="Row">The catalog's row; null when it is the one that the silo knows.</param>
/// <param name="Lease">How long the silo may answer from it, counted from before it asked; zero when it may only answer those who asked before it did.</param>
/// <param name="Age">How long ago the catalog read that this rests on was begun.</param>
/// <param name="FromMemory">Whether the owner still had the row from a read just before.</param>
/// <param name="IsPastCooldown">Whether the book was not edited within the last moments, so that it is worth keeping in near caches.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LeaseGrant")]
public sealed record LeaseGrant(
    [property: Id(0)] CachedRow? Row,
    [property: Id(1)] TimeSpan Lease,
    [property: Id(2)] TimeSpan Age,
    [property: Id(3)] bool FromMemory,
    [property: Id(4)] bool IsPastCooldown);
