namespace OrleansCache.Catalogs;

/// <summary>
/// The database of books, the system of record. It keeps a row for each key ever written: the book, or that it was removed, with the
/// identity of the edit that wrote it. Whoever has another database implements this; the project's catalog test suite says whether the
/// implementation is right. Safe for concurrent use.
/// </summary>
public interface ICatalog
{
    /// <summary>Makes the tables if they are not there; may be called again and from several processes.</summary>
    /// <exception cref="CatalogUnavailableException">The database cannot be reached or written.</exception>
    Task InitializeAsync(CancellationToken cancellation);

    /// <summary>Reads books with one query.</summary>
    /// <param name="keys">The keys; one may stand more than once.</param>
    /// <param name="cancellation">Gives the query up.</param>
    /// <returns>
    /// For each key in order its row, never null: where there is no book, what tells that it was removed (an identity and no payload),
    /// or <see cref="CachedRow.Never"/>.
    /// </returns>
    /// <exception cref="InvalidKeyException">One of the keys cannot be a key.</exception>
    /// <exception cref="CatalogUnavailableException">The database cannot be reached or read.</exception>
    Task<CachedRow[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation);

    /// <summary>
    /// Makes edits in one durable transaction. Each stands for itself: it is made if the row has the whole identity that it expects,
    /// and then the row's version is the expected one's plus one and its tag the edit's id. A key may stand more than once; later edits see
    /// the earlier ones. What was made is remembered by its id for at least a day, in the same transaction; that is looked at before the
    /// row is, so an edit that cannot be made any more still learns whether it was.
    /// </summary>
    /// <returns>For each edit in order what became of it.</returns>
    /// <remarks>
    /// The day is told by the database's wall clock, the one place where such a clock is used. A wrong one makes the memory
    /// shorter or longer, no more: what is in it decides only whether a repeated edit is told its first result or that it does not fit any more.
    /// </remarks>
    /// <exception cref="InvalidKeyException">One of the keys cannot be a key; nothing was written.</exception>
    /// <exception cref="InvalidPayloadException">One of the payloads is too large or no text, or an id is empty; nothing was written.</exception>
    /// <exception cref="CatalogUnavailableException">The database cannot be reached or written; nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The answer to the commit was lost: all of them may have been made, or none. Repeating them with the same ids is safe.</exception>
    Task<CatalogWriteResult[]> WriteAsync(IReadOnlyList<CatalogWrite> writes, CancellationToken cancellation);

    /// <summary>
    /// Gives rows another identity and leaves their payload as it is, in one durable transaction: the version is raised by one and
    /// the tag is fresh; where nothing was ever written, a row without a book is. An edit that expected the row as it was, and whose
    /// answer was lost on its way, cannot be made any more.
    /// </summary>
    /// <param name="keys">The keys; of one that stands more than once the row is changed once.</param>
    /// <param name="cancellation">Gives the transaction up.</param>
    /// <returns>For each key in order its row as it is now.</returns>
    /// <exception cref="InvalidKeyException">One of the keys cannot be a key; nothing was written.</exception>
    /// <exception cref="CatalogUnavailableException">The database cannot be reached or written; nothing was written.</exception>
    /// <exception cref="OutcomeUnknownException">The answer to the commit was lost. Fencing again is safe.</exception>
    Task<CachedRow[]> FenceAsync(IReadOnlyList<string> keys, CancellationToken cancellation);

    /// <summary>
    /// Keys of books that exist and that come after <paramref name="after"/> (null: from the first), at most <paramref name="limit"/>, in the order
    /// of their UTF-8 bytes. Only where characters beyond U+FFFF meet those from U+E000 is that another than .NET's ordinal one.
    /// </summary>
    /// <exception cref="CatalogUnavailableException">The database cannot be reached or read.</exception>
    Task<IReadOnlyList<string>> ListKeysAsync(string? after, int limit, CancellationToken cancellation);
}
