namespace OrleansCache;

/// <summary>A row that a client has, of which only the identity is sent.</summary>
/// <param name="Book">The book's key.</param>
/// <param name="Identity">The row's identity.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.HeldRow")]
internal readonly record struct HeldRow([property: Id(0)] string Book, [property: Id(1)] RowVersion Identity);
