namespace OrleansCache;

/// <summary>The response of an owner to a <see cref="LeaseRequest"/>.</summary>
/// <param name="Row">The catalog's row; null when it is the one that the silo knows.</param>
/// <param name="Generation">
/// The generation of the volume lease under which the silo may use the row, since it is registered for it; none when only lookups that
/// began before the request may be answered with it.
/// </param>
/// <param name="Lease">How long that lease lasts, counted from before the request; zero when it gets no longer.</param>
/// <param name="OwnLease">How long the row may be used, if not as long as the lease; counted in the same way.</param>
/// <param name="Age">The time since the start of the catalog read that the row comes from.</param>
/// <param name="Source">Where the row comes from.</param>
/// <param name="IsPastCooldown">Whether the book was not edited within the last moments, so that near caches may keep it.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.VolumeGrant")]
internal sealed record LeaseGrant(
    [property: Id(0)] CachedRow? Row,
    [property: Id(1)] LeaseGeneration Generation,
    [property: Id(2)] TimeSpan Lease,
    [property: Id(3)] TimeSpan? OwnLease,
    [property: Id(4)] TimeSpan Age,
    [property: Id(5)] GrantSource Source,
    [property: Id(6)] bool IsPastCooldown);

/// <summary>Where an owner has a row from.</summary>
internal enum GrantSource
{
    /// <summary>A catalog read that began after the request. It answers the request even without a lease.</summary>
    Catalog,

    /// <summary>
    /// A catalog read that had begun before the request. Like <see cref="Knowledge"/>, it is to be used only under a volume lease that is
    /// still valid, because the owner may have been replaced without knowing it.
    /// </summary>
    EarlierRead,

    /// <summary>What the owner knows: the silo's row is current, since nothing has changed it.</summary>
    Knowledge,
}
