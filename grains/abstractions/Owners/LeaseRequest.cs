namespace OrleansCache;

/// <summary>A silo's request for a lease on a book.</summary>
/// <param name="Book">The book's key.</param>
/// <param name="Holder">
/// The silo's address, as <see cref="SiloAddress.ToParsableString"/> gives it; null to read the row without a lease.
/// </param>
/// <param name="Known">The identity of the row that the silo has, which need not be sent again; null when it has none.</param>
/// <param name="Fresh">Whether the catalog read must begin after this request.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.LeaseRequest")]
internal sealed record LeaseRequest(
    [property: Id(0)] string Book,
    [property: Id(1)] string? Holder,
    [property: Id(2)] RowVersion? Known,
    [property: Id(3)] bool Fresh);
