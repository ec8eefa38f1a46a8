using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>
/// The one grain that grants leases on the books of a slot and is their only writer. Its key is the slot's number. All its calls
/// interleave; the edits of one book go one after the other all the same.
/// </summary>
[Alias("OrleansCache.IOwnerGrain")]
public interface IOwnerGrain : IGrainWithStringKey
{
    /// <summary>Loads a book and grants a lease on it; callers of all regions that ask at the same time share one catalog read.</summary>
    /// <param name="request">What is asked, and who asks.</param>
    /// <param name="cancellation">Gives the wait up; the read goes on for the others.</param>
    /// <exception cref="CatalogUnavailableException">The catalog could not be read.</exception>
    [AlwaysInterleave, Alias("Acquire")]
    ValueTask<LeaseGrant> AcquireAsync(LeaseRequest request, CancellationToken cancellation);

    /// <summary>Answers at once: the owner can be reached, however long the catalog takes.</summary>
    [AlwaysInterleave, Alias("Ping")]
    Task PingAsync();

    /// <summary>
    /// Edits books of this slot, each by itself: no reader anywhere is answered from the old copy once this has answered. That may
    /// take as long as a lease when a silo or a client that holds the book cannot be reached.
    /// </summary>
    /// <returns>What became of each, in the same order.</returns>
    /// <exception cref="CatalogUnavailableException">The catalog could not be read or written; some of several may have been made, a single one was not.</exception>
    /// <exception cref="OutcomeUnknownException">They may have been made or not; asking again with the same ids is safe.</exception>
    [AlwaysInterleave, Alias("Edit")]
    Task<EditResult[]> EditAsync(Edit[] edits, CancellationToken cancellation);
}
