namespace OrleansCache.Client;

/// <summary>
/// The cache as an application sees it. A near cache keeps the results of lookups in this process under leases, so that the next lookup of
/// the same key needs no message; an edit of the key, wherever it is made, revokes the lease first. Other lookups ask the reader's own
/// region, then its fallback regions, each with a soft timeout and all of them within one deadline. Keys are brought into the spelling of
/// <see cref="BookKey"/>, so that every form of an ISBN is one book; results have the key that the book stands under. Safe for concurrent
/// use.
/// </summary>
public interface IBookCache
{
    /// <summary>Looks a book up.</summary>
    /// <param name="key">The key, such as <c>book::1984</c>; see <see cref="BookKey"/>.</param>
    /// <param name="options">The options of this lookup; null for the defaults.</param>
    /// <param name="cancellation">Cancels the lookup.</param>
    /// <returns>The book, or a result without a book when the key has none.</returns>
    /// <exception cref="InvalidKeyException">The key is invalid.</exception>
    /// <exception cref="UnknownRegionException">The region is not configured; the message names those that are.</exception>
    /// <exception cref="LookupFailedException">No answer, or only flagged ones that were refused; the message names each
    /// attempt.</exception>
    /// <exception cref="LookupRefusedException">Too many lookups of this client are in flight; nothing was sent.</exception>
    ValueTask<LookupResult> GetAsync(string key, GetOptions? options = null, CancellationToken cancellation = default);

    /// <summary>Looks many books up, in few messages.</summary>
    /// <param name="keys">The keys; a key may occur several times.</param>
    /// <param name="options">The options of each of these lookups; null for the defaults.</param>
    /// <param name="cancellation">Cancels the lookups.</param>
    /// <returns>For each key, in order, what <see cref="GetAsync"/> would have returned.</returns>
    /// <exception cref="InvalidKeyException">A key is invalid; nothing was sent.</exception>
    /// <exception cref="UnknownRegionException">The region is not configured; the message names those that are.</exception>
    /// <exception cref="LookupFailedException">One of the keys has no answer.</exception>
    /// <exception cref="LookupRefusedException">Too many lookups of this client are in flight.</exception>
    Task<IReadOnlyList<LookupResult>> GetManyAsync(
        IReadOnlyList<string> keys, GetOptions? options = null, CancellationToken cancellation = default);

    /// <summary>
    /// Writes a book, new or not. Every lookup in any region that starts after the task has completed sees it. An edit takes as long as a
    /// lease when a silo or client that holds the entry cannot be reached.
    /// </summary>
    /// <param name="key">The key. If it is not in the spelling of <see cref="BookKey"/>, the edit looks first whether the book stands under
    /// the given one, and may fail as a lookup does.</param>
    /// <param name="book">The book.</param>
    /// <param name="options">The conditions of the edit; null for none.</param>
    /// <param name="cancellation">Cancels the wait; the edit may be made nevertheless.</param>
    /// <returns>The outcome, and the new version.</returns>
    /// <exception cref="InvalidKeyException">The key is invalid; nothing was sent.</exception>
    /// <exception cref="InvalidPayloadException">The book has no title, or is larger than 64 KiB; nothing was sent.</exception>
    /// <exception cref="ArgumentException">The options contradict each other; nothing was sent.</exception>
    /// <exception cref="EditConflictException">The book is not the expected version; nothing was changed.</exception>
    /// <exception cref="CatalogUnavailableException">The catalog could not be read or written; nothing was changed.</exception>
    /// <exception cref="RegionUnavailableException">No region was reachable in <see cref="CacheClientOptions.EditDeadline"/>; nothing was
    /// sent.</exception>
    /// <exception cref="OutcomeUnknownException">The edit may have been made or not; the message has the id with which it can be repeated
    /// safely.</exception>
    Task<EditReceipt> PutAsync(string key, Book book, EditOptions? options = null, CancellationToken cancellation = default);

    /// <summary>Removes a book. The guarantees, waits and errors are those of <see cref="PutAsync"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="options">The conditions of the edit; null for none.</param>
    /// <param name="cancellation">Cancels the wait; the edit may be made nevertheless.</param>
    /// <returns>The outcome; <see cref="EditOutcome.Unchanged"/> when there was no such book.</returns>
    Task<EditReceipt> RemoveAsync(string key, EditOptions? options = null, CancellationToken cancellation = default);
}
