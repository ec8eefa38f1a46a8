namespace OrleansCache.Catalog;

/// <summary>
/// The database of books, the system of record. Whoever has another database implements this; the project's catalog
/// test suite says whether the implementation is right. Safe for concurrent use.
/// </summary>
public interface IBookCatalog
{
    /// <summary>Makes the tables if they are not there; may be called again and from several processes.</summary>
    /// <exception cref="CatalogUnavailableException">The database cannot be reached or written.</exception>
    Task InitializeAsync(CancellationToken cancellation);

    /// <summary>Reads books with one query.</summary>
    /// <param name="keys">The keys; one may stand more than once.</param>
    /// <param name="cancellation">Gives the query up.</param>
    /// <returns>For each key in order its row, or null when there is none.</returns>
    /// <exception cref="InvalidBookKeyException">One of the keys cannot be a key.</exception>
    /// <exception cref="CatalogUnavailableException">The database cannot be reached or read.</exception>
    Task<BookCopy?[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation);

    /// <summary>
    /// Stores books in one durable transaction, all or none. A book that is there with the same payload is left as it is;
    /// another content raises its version by one and sets a fresh tag. Of a key that stands twice the last one counts.
    /// </summary>
    /// <returns>For each book in order what became of its key; where a key stands twice, the same for both.</returns>
    /// <exception cref="InvalidBookKeyException">One of the keys cannot be a key; nothing was stored.</exception>
    /// <exception cref="InvalidBookException">One of the payloads is too large or no text; nothing was stored.</exception>
    /// <exception cref="CatalogUnavailableException">The database cannot be reached or written; nothing was stored.</exception>
    /// <exception cref="OutcomeUnknownException">The answer to the commit was lost: all of them may have been stored, or none. Storing them again is safe.</exception>
    Task<StoreOutcome[]> StoreAsync(IReadOnlyList<BookWrite> books, CancellationToken cancellation);

    /// <summary>
    /// Keys that come after <paramref name="after"/> (null: from the first), at most <paramref name="limit"/>, in the order
    /// of their UTF-8 bytes. Only where characters beyond U+FFFF meet those from U+E000 is that another than .NET's ordinal one.
    /// </summary>
    /// <exception cref="CatalogUnavailableException">The database cannot be reached or read.</exception>
    Task<IReadOnlyList<string>> ListKeysAsync(string? after, int limit, CancellationToken cancellation);
}
