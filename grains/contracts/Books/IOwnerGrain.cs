using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>The one grain that loads and stores the books of a slot. Its key is the slot's number.</summary>
[Alias("OrleansCache.IOwnerGrain")]
public interface IOwnerGrain : IGrainWithStringKey
{
    /// <summary>Loads a book; callers of all regions that ask at the same time share one catalog read.</summary>
    /// <param name="key">The book's key.</param>
    /// <param name="fresh">Whether the catalog read must begin after this call did.</param>
    /// <param name="cancellation">Gives the wait up; the read goes on for the others.</param>
    /// <exception cref="CatalogUnavailableException">The catalog could not be read.</exception>
    [AlwaysInterleave, Alias("Load")]
    ValueTask<LoadAnswer> LoadAsync(string key, bool fresh, CancellationToken cancellation);

    /// <summary>Answers at once: the owner can be reached, however long the catalog takes.</summary>
    [AlwaysInterleave, Alias("Ping")]
    Task PingAsync();

    /// <summary>Stores books of this slot, all or none, and tells every silo to forget the copies of those that changed.</summary>
    /// <returns>What became of each, in the same order.</returns>
    /// <exception cref="CatalogUnavailableException">The catalog could not be written; nothing was stored.</exception>
    /// <exception cref="OutcomeUnknownException">It may have been stored or not; the copies are forgotten, and storing again is safe.</exception>
    [Alias("Store")]
    Task<StoreOutcome[]> StoreAsync(BookWrite[] books, CancellationToken cancellation);
}
