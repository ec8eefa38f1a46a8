namespace OrleansCache;

/// <summary>An entry that somebody holds and asks to go on using.</summary>
/// <param name="Book">The book's key.</param>
/// <param name="Identity">Which row of it.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.HeldCopy")]
public readonly record struct HeldEntry([property: Id(0)] string Book, [property: Id(1)] RowVersion Identity);
