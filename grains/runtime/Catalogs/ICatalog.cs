namespace OrleansCache.Catalogs;

/// <summary>
/// The system of record. It keeps a row for each key ever written, with the book or the fact that it was removed, and with the identity
/// of the edit that wrote it. Implement it for another database; the catalog test suite checks an implementation. Keys are valid
/// (see <see cref="CacheKey"/>): the callers have validated them. It also keeps what a cluster must agree on: the epochs of slots, and the
/// settings that are the same on all silos. Safe for concurrent use.
/// </summary>
public interface ICatalog
{
    /// <summary>Creates the tables if they do not exist; may be called repeatedly and by several processes.</summary>
    /// <exception cref="CatalogUnavailableException">The database is unreachable or refuses writes.</exception>
    Task InitializeAsync(CancellationToken cancellation);

    /// <summary>Reads books with one query.</summary>
    /// <param name="keys">The keys; one may occur more than once.</param>
    /// <param name="cancellation">
    /// Cancels the query, as far as the database reacts: the caller does not wait for that and may query again, so a query that hangs keeps
    /// no other one from its connection.
    /// </param>
    /// <returns>
    /// The row of each key in the same order, never null: for a removed book a row without a payload, for a key that was never written
    /// <see cref="CachedRow.Never"/>.
    /// </returns>
    /// <exception cref="CatalogUnavailableException">The database is unreachable or cannot be read.</exception>
    Task<CachedRow[]> ReadAsync(IReadOnlyList<string> keys, CancellationToken cancellation);

    /// <summary>
    /// Makes writes in one durable transaction. Each is independent of the others: it is made if the row has the expected identity (version
    /// and tag); the row then has the next version, and the id of the write as its tag. A key may occur more than once; later writes see
    /// the earlier ones. The catalog remembers the ids of writes for at least a day, in the same transaction, and looks for an id before it
    /// looks at the row: so the repetition of a write that can no longer be made still tells whether it was made.
    /// </summary>
    /// <param name="writes">The writes.</param>
    /// <param name="epoch">
    /// The slot that the writes belong to, and the epoch of the owner that makes them. It is checked in the same transaction: once
    /// <see cref="RaiseEpochsAsync"/> has returned a higher one, no write under this one is committed any more. Null for a write without an
    /// owner, such as an import; it is not checked.
    /// </param>
    /// <param name="cancellation">Cancels the transaction.</param>
    /// <returns>The result of each write in the same order.</returns>
    /// <remarks>
    /// The database's wall clock measures the day, the only place where such a clock is used. If it is wrong, ids are remembered for
    /// longer or shorter; that decides only whether a repeated write returns its first result or a mismatch.
    /// </remarks>
    /// <exception cref="InvalidPayloadException">
    /// A payload is too large or not text, or an id is empty; nothing was written.
    /// </exception>
    /// <exception cref="StaleEpochException">The epoch is not the slot's present one; nothing was written.</exception>
    /// <exception cref="CatalogUnavailableException">
    /// The database is unreachable or refuses writes, or others keep a row locked; nothing was written.
    /// </exception>
    /// <exception cref="OutcomeUnknownException">
    /// The outcome of the commit is unknown: all of them may have been made, or none. Repeating them with the same ids is safe.
    /// </exception>
    Task<CatalogWriteResult[]> WriteAsync(IReadOnlyList<CatalogWrite> writes, SlotEpoch? epoch, CancellationToken cancellation);

    /// <summary>
    /// Keys of books that exist and that come after <paramref name="after"/> (null: from the first), at most <paramref name="limit"/>, in
    /// the order of their UTF-8 bytes. This order differs from .NET's ordinal one only for characters above U+FFFF compared with U+E000 to
    /// U+FFFF.
    /// </summary>
    /// <exception cref="CatalogUnavailableException">The database is unreachable or cannot be read.</exception>
    Task<IReadOnlyList<string>> ListKeysAsync(string? after, int limit, CancellationToken cancellation);

    /// <summary>
    /// Reads what was written since a position, by anybody and in any way, and the epochs of slots, with one query as of one instant. Every
    /// write that was committed before the query began is reported by this read or was by an earlier one, however long its transaction
    /// was open; no write is reported twice. Only keys and identities are read, never payloads.
    /// </summary>
    /// <param name="since">The position of the last read; null for a first read, which is incomplete and gives the position.</param>
    /// <param name="slots">The slots whose epochs are wanted.</param>
    /// <param name="limit">The most rows that are wanted, at least one; if more have changed, the result is incomplete.</param>
    /// <param name="cancellation">Cancels the query.</param>
    /// <returns>
    /// The changes. They are incomplete as well if the catalog cannot continue from the position: it was restored from a backup, or its
    /// server was restarted, or the position is not one of this catalog.
    /// </returns>
    /// <exception cref="CatalogUnavailableException">The database is unreachable or cannot be read.</exception>
    Task<CatalogChanges> ReadChangesAsync(
        FeedPosition? since, IReadOnlyList<int> slots, int limit, CancellationToken cancellation);

    /// <summary>
    /// Raises the epochs of slots by one, durably and in one transaction; the first one of a slot is 1. It waits for writes of these slots
    /// that are being committed; when it has returned, no write under a former epoch is committed any more. No two calls return the same
    /// epoch of a slot.
    /// </summary>
    /// <param name="slots">The slots; one that occurs more than once is raised once.</param>
    /// <param name="cancellation">Cancels the transaction.</param>
    /// <returns>The new epoch of each slot in the same order.</returns>
    /// <exception cref="CatalogUnavailableException">The database is unreachable or refuses writes; nothing was raised.</exception>
    /// <exception cref="OutcomeUnknownException">The epochs may have been raised or not. Raising them again is safe.</exception>
    Task<long[]> RaiseEpochsAsync(IReadOnlyList<int> slots, CancellationToken cancellation);

    /// <summary>
    /// Stores, durably, those settings of a silo that no other silo has stored before. Silos that start at once all get the same result.
    /// </summary>
    /// <param name="mine">The silo's settings by their names.</param>
    /// <param name="cancellation">Cancels the transaction.</param>
    /// <returns>The stored value for each of these names, by which the whole cluster goes.</returns>
    /// <exception cref="CatalogUnavailableException">The database is unreachable or refuses writes; nothing was stored.</exception>
    /// <exception cref="OutcomeUnknownException">The settings may have been stored or not. Trying again is safe.</exception>
    Task<IReadOnlyDictionary<string, string>> AgreeOnSettingsAsync(
        IReadOnlyDictionary<string, string> mine, CancellationToken cancellation);

    /// <summary>
    /// Removes all settings that <see cref="AgreeOnSettingsAsync"/> has stored, durably, so that silos may start with others. No silo of
    /// the cluster may run meanwhile.
    /// </summary>
    /// <returns>What was stored.</returns>
    /// <exception cref="CatalogUnavailableException">The database is unreachable or refuses writes; nothing was removed.</exception>
    /// <exception cref="OutcomeUnknownException">The settings may have been removed or not. Trying again is safe.</exception>
    Task<IReadOnlyDictionary<string, string>> ForgetSettingsAsync(CancellationToken cancellation);
}
