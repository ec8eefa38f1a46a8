namespace OrleansCache;

/// <summary>A silo's answer to a lookup.</summary>
/// <param name="Row">The row.</param>
/// <param name="Tier">Where it was found.</param>
/// <param name="Region">The region that answered.</param>
/// <param name="Node">The name of the node that the key belongs to in that region; null while the region has none.</param>
/// <param name="TimeToLive">How long the row may still be kept.</param>
/// <param name="Age">The time since the row was read from the catalog, as far as the silo knows.</param>
/// <param name="Flags">What the lookup had to give up because something could not be reached.</param>
/// <param name="Lease">
/// How long the client's volume lease on the slot lasts, counted from before the request; zero when it gets no longer.
/// </param>
/// <param name="Silo">
/// The address of the silo that has registered the client for the row, so that its near cache may keep it. A client that the silo does not
/// know gets the address without a generation, so that it can join. Null otherwise.
/// </param>
/// <param name="Generation">The generation of that lease; none when the client was not registered.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LookupAnswer")]
internal sealed record LookupAnswer(
    [property: Id(0)] CachedRow Row,
    [property: Id(1)] Tier Tier,
    [property: Id(2)] string Region,
    [property: Id(3)] string? Node,
    [property: Id(4)] TimeSpan TimeToLive,
    [property: Id(5)] TimeSpan Age,
    [property: Id(6)] LookupFlags Flags,
    [property: Id(7)] TimeSpan Lease = default,
    [property: Id(8)] string? Silo = null,
    [property: Id(9)] LeaseGeneration Generation = default)
{
    /// <summary>What the silo did, where the lookup was traced; not sent with the answer, see <see cref="TracedAnswer"/>.</summary>
    [field: NonSerialized]
    public LookupTrace? Trace { get; init; }
}

/// <summary>What an answer had to give up because something could not be reached; none in a healthy cluster.</summary>
[Flags]
public enum LookupFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The lease had ended and could not be renewed.</summary>
    Stale = 1,

    /// <summary>The owner could not be reached; the catalog was read without it.</summary>
    Unleased = 2,
}
