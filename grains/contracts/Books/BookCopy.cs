namespace OrleansCache;

/// <summary>A book as the catalog holds it: its key, its identity and its payload.</summary>
/// <param name="Key">The book's key.</param>
/// <param name="Identity">Which edit wrote this row.</param>
/// <param name="Payload">The book's bytes (see <see cref="BookPayload"/>); never written to once it is in a copy.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.BookCopy")]
public sealed record BookCopy(
    [property: Id(0)] string Key,
    [property: Id(1)] BookIdentity Identity,
    [property: Id(2)] byte[] Payload);
