namespace OrleansCache;

/// <summary>A book to be stored under a key.</summary>
/// <param name="Key">The book's key.</param>
/// <param name="Payload">Its bytes (see <see cref="BookPayload"/>).</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.BookWrite")]
public sealed record KeyedPayload([property: Id(0)] string Key, [property: Id(1)] byte[] Payload);
