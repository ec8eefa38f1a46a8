namespace OrleansCache;

/// <summary>A value to be stored under a key.</summary>
/// <param name="Key">The key.</param>
/// <param name="Payload">The bytes of the value (see <see cref="BookPayload"/>).</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.BookWrite")]
public sealed record KeyedPayload([property: Id(0)] string Key, [property: Id(1)] byte[] Payload);
