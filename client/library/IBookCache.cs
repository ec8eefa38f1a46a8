namespace OrleansCache.Client;

/// <summary>
/// The cache as an application sees it. Books that it looks up are kept in this process under leases, so that the next lookup of one
/// needs no message; an edit of it, wherever it is made, ends the lease first. What is not kept here is asked of the reader's own region
/// first, then of that region's fallbacks, each for a short while and all of them within one deadline. Safe for concurrent use.
/// </summary>
public interface IBookCache
{
    /// <summary>Looks a book up.</summary>
    /// <param name="key">The book's key, such as <c>book::1984</c>; see <see cref="CacheKey"/>.</param>
    /// <param name="options">What is asked of this lookup; null for the defaults.</param>
    /// <param name="cancellation">Gives the lookup up.</param>
    /// <returns>The book, or an answer that says that there is none of that key.</returns>
    /// <exception cref="InvalidKeyException">The key cannot be one.</exception>
    /// <exception cref="UnknownRegionException">The region is not configured; the message names those that are.</exception>
    /// <exception cref="LookupFailedException">Nothing answered, or only with flags that were refused; the message names each attempt.</exception>
    /// <exception cref="LookupRefusedException">More lookups of this client are under way than can be answered in time; this one was sent nowhere.</exception>
    ValueTask<LookupResult> GetAsync(string key, GetOptions? options = null, CancellationToken cancellation = default);

    /// <summary>Looks many books up, in few messages.</summary>
    /// <param name="keys">Their keys; one may stand several times.</param>
    /// <param name="options">What is asked of each of these lookups; null for the defaults.</param>
    /// <param name="cancellation">Gives the lookups up.</param>
    /// <returns>For each key in order what <see cref="GetAsync"/> would have given.</returns>
    /// <exception cref="InvalidKeyException">One of the keys cannot be one; nothing was sent.</exception>
    /// <exception cref="UnknownRegionException">The region is not configured; the message names those that are.</exception>
    /// <exception cref="LookupFailedException">Nothing answered for one of them.</exception>
    /// <exception cref="LookupRefusedException">More lookups of this client are under way than can be answered in time.</exception>
    Task<IReadOnlyList<LookupResult>> GetManyAsync(IReadOnlyList<string> keys, GetOptions? options = null, CancellationToken cancellation = default);

    /// <summary>
    /// Writes a book, new or not. When it has been acknowledged, every lookup that starts later sees it, in every region. That takes as
    /// long as a lease when a silo or a client that holds the book cannot be reached.
    /// </summary>
    /// <param name="key">The book's key.</param>
    /// <param name="book">What is written.</param>
    /// <param name="options">What the edit depends on; null for nothing.</param>
    /// <param name="cancellation">Gives the wait up; the edit may be made all the same.</param>
    /// <returns>What it did, and the version that the book has by it.</returns>
    /// <exception cref="InvalidKeyException">The key cannot be one; nothing was sent.</exception>
    /// <exception cref="InvalidPayloadException">The book has no title, or is over 64 KiB; nothing was sent.</exception>
    /// <exception cref="ArgumentException">The options contradict each other; nothing was sent.</exception>
    /// <exception cref="EditConflictException">The book is not what was expected; nothing was changed.</exception>
    /// <exception cref="CatalogUnavailableException">The catalog could not be read or written; nothing was changed.</exception>
    /// <exception cref="RegionUnavailableException">No region could be reached within <see cref="CacheClientOptions.EditDeadline"/>; nothing was sent.</exception>
    /// <exception cref="OutcomeUnknownException">It may have been made or not; the message has the id with which it can be repeated safely.</exception>
    Task<EditReceipt> PutAsync(string key, Book book, EditOptions? options = null, CancellationToken cancellation = default);

    /// <summary>Removes a book. Guarantees, waits and errors are those of <see cref="PutAsync"/>.</summary>
    /// <param name="key">The book's key.</param>
    /// <param name="options">What the edit depends on; null for nothing.</param>
    /// <param name="cancellation">Gives the wait up; the edit may be made all the same.</param>
    /// <returns>What it did; <see cref="EditOutcome.Unchanged"/> when there was no such book.</returns>
    Task<EditReceipt> RemoveAsync(string key, EditOptions? options = null, CancellationToken cancellation = default);
}
