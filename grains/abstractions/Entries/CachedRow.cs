namespace OrleansCache;

/// <summary>A row of the catalog: a key's value or its absence, and the edit that wrote it.</summary>
/// <param name="Key">The key.</param>
/// <param name="Identity">The edit that wrote the row; <see cref="RowVersion.None"/> when the key was never written. A removal has one
/// too.</param>
/// <param name="Payload">The bytes of the value (see <see cref="BookPayload"/>), never changed once the row is shared; null for an
/// absence.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.BookCopy")]
public sealed record CachedRow(
    [property: Id(0)] string Key,
    [property: Id(1)] RowVersion Identity,
    [property: Id(2)] byte[]? Payload)
{
    /// <summary>Whether the key has a value.</summary>
    public bool Exists => Payload is not null;

    /// <summary>The row of a key that was never written.</summary>
    public static CachedRow Never(string key) => new(key, RowVersion.None, null);
}
