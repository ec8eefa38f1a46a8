namespace OrleansCache;

/// <summary>The options of one lookup.</summary>
/// <param name="Fresh">Read the catalog itself, past every cache; the row replaces what the caches on the way hold.</param>
/// <param name="RequireCoherent">Fail instead of answering with a flag.</param>
/// <param name="Client">The id of the client whose near cache would keep the answer under a lease (see <see cref="INearSource"/>); empty
/// for none.</param>
/// <param name="AtLeast">The lowest version that the caller accepts from a cache, because it has seen that version already.</param>
/// <param name="Released">The number of the last message about released keys that the client had sent to any silo.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LookupOptions")]
internal readonly record struct LookupOptions(
    [property: Id(0)] bool Fresh,
    [property: Id(1)] bool RequireCoherent,
    [property: Id(2)] Guid Client = default,
    [property: Id(3)] long AtLeast = 0,
    [property: Id(4)] long Released = 0)
{
    /// <summary>Whether the caller wants to know the steps; not sent, as <see cref="IBookGrain.TraceAsync"/> says it.</summary>
    [field: NonSerialized]
    public bool Trace { get; init; }
}
