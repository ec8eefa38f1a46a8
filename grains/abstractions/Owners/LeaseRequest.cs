namespace OrleansCache;

/// <summary>A silo's request to be registered for a book.</summary>
/// <param name="Book">The book's key.</param>
/// <param name="Holder">
/// The silo's address, as <see cref="SiloAddress.ToParsableString"/> gives it; null to read the row without a registration.
/// </param>
/// <param name="Known">The identity of the row that the silo has, which need not be sent again; null when it has none.</param>
/// <param name="Fresh">Whether a catalog read must begin after this request.</param>
/// <param name="AtLeast">The lowest generation of the volume lease that the silo can use.</param>
/// <param name="Released">The number of the last message about released keys of the slot that the silo had sent.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.VolumeRequest")]
internal sealed record LeaseRequest(
    [property: Id(0)] string Book,
    [property: Id(1)] string? Holder,
    [property: Id(2)] RowVersion? Known,
    [property: Id(3)] bool Fresh,
    [property: Id(4)] LeaseGeneration AtLeast = default,
    [property: Id(5)] long Released = 0);
