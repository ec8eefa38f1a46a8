namespace OrleansCache;

/// <summary>A book grain's answer to a lookup.</summary>
/// <param name="Row">The book, or its absence.</param>
/// <param name="Tier">Where it was found.</param>
/// <param name="Region">The region that answered.</param>
/// <param name="Node">The node that the book belongs to in that region, or null while the region has none.</param>
/// <param name="TimeToLive">How long the copy may still be used.</param>
/// <param name="Age">How long ago the silo got the copy.</param>
/// <param name="Flags">What the answer had to give up.</param>
/// <param name="Lease">How long the client that was named may answer from it, counted from before it asked; zero when it must not keep it.</param>
/// <param name="Silo">The silo whose lease that is, to whom renewals go; also given to a client that the silo does not know, so that it can make itself known. Null otherwise.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LookupAnswer")]
public sealed record LookupAnswer(
    [property: Id(0)] CachedRow Row,
    [property: Id(1)] Tier Tier,
    [property: Id(2)] string Region,
    [property: Id(3)] string? Node,
    [property: Id(4)] TimeSpan TimeToLive,
    [property: Id(5)] TimeSpan Age,
    [property: Id(6)] LookupFlags Flags,
    [property: Id(7)] TimeSpan Lease = default,
    [property: Id(8)] string? Silo = null);
