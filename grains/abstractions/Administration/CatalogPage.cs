namespace OrleansCache;

/// <summary>A part of the catalog.</summary>
/// <param name="Books">The books, in the order of their keys' bytes.</param>
/// <param name="Next">The key after which the next part begins; null at the end of the catalog.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.CatalogPage")]
internal sealed record CatalogPage([property: Id(0)] KeyedPayload[] Books, [property: Id(1)] string? Next);
