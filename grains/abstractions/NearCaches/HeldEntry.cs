namespace OrleansCache;

/// <summary>An entry whose lease its holder wants to renew.</summary>
/// <param name="Book">The key.</param>
/// <param name="Identity">The row that it holds.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.HeldCopy")]
internal readonly record struct HeldEntry([property: Id(0)] string Book, [property: Id(1)] RowVersion Identity);
