namespace OrleansCache;

/// <summary>What the catalog says of a key: which edit it was last written by, and the book, if there is one.</summary>
/// <param name="Key">The book's key.</param>
/// <param name="Identity">Which edit wrote this row; <see cref="RowVersion.None"/> when none ever did. A book that was removed has one too.</param>
/// <param name="Payload">The book's bytes (see <see cref="BookPayload"/>), never written to once they are in a copy; null when there is no book.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.BookCopy")]
public sealed record CachedRow(
    [property: Id(0)] string Key,
    [property: Id(1)] RowVersion Identity,
    [property: Id(2)] byte[]? Payload)
{
    /// <summary>Whether there is a book of that key.</summary>
    public bool Exists => Payload is not null;

    /// <summary>A key under which nothing was ever written.</summary>
    public static CachedRow Never(string key) => new(key, RowVersion.None, null);
}
