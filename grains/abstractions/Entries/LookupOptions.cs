namespace OrleansCache;

/// <summary>What a caller asks of one lookup.</summary>
/// <param name="Fresh">Read the catalog itself, past every cache; what it gives replaces the copies on its way.</param>
/// <param name="RequireCoherent">Fail rather than answer with a flag.</param>
/// <param name="Client">The client that would keep the answer under a lease (see <see cref="INearSource"/>); empty when it would not.</param>
/// <param name="AtLeast">The lowest version that the caller takes without the catalog having been asked: it has seen that one already.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LookupOptions")]
public readonly record struct LookupOptions(
    [property: Id(0)] bool Fresh,
    [property: Id(1)] bool RequireCoherent,
    [property: Id(2)] Guid Client = default,
    [property: Id(3)] long AtLeast = 0);
