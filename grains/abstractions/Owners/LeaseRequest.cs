namespace OrleansCache;

/// <summary>A silo's question whether and how long it may answer for a book.</summary>
/// <param name="Book">The book's key.</param>
/// <param name="Holder">The address of the silo, as <see cref="SiloAddress.ToParsableString"/> gives it; null when it only wants to know and takes no lease.</param>
/// <param name="Known">The row that it has and that need not be sent to it; null when it has none.</param>
/// <param name="Fresh">Whether the catalog read must begin after this call did.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LeaseRequest")]
public sealed record LeaseRequest(
    [property: Id(0)] string Book,
    [property: Id(1)] string? Holder,
    [property: Id(2)] RowVersion? Known,
    [property: Id(3)] bool Fresh);
