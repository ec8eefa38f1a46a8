using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>
/// The owner of a slot: it grants the leases on the slot's books and is their only writer. Its key is the slot's number. Its calls
/// interleave, but edits of one book are made one after the other.
/// </summary>
[Alias("OrleansCache.IOwnerGrain")]
internal interface IOwnerGrain : IGrainWithStringKey
{
    /// <summary>Reads a book and grants a lease on it; concurrent callers of all regions share one catalog read.</summary>
    /// <param name="request">The book, and the silo that asks.</param>
    /// <param name="cancellation">Ends the wait; the read goes on for other callers.</param>
    /// <exception cref="InvalidKeyException">The key is invalid.</exception>
    /// <exception cref="CatalogUnavailableException">The catalog could not be read.</exception>
    [AlwaysInterleave, Alias("AcquireVolume")]
    ValueTask<LeaseGrant> AcquireAsync(LeaseRequest request, CancellationToken cancellation);

    /// <summary>Reads what the catalog holds now; for inspection only: no lease is granted, and nothing remembers the row.</summary>
    /// <exception cref="InvalidKeyException">The key is invalid.</exception>
    /// <exception cref="CatalogUnavailableException">The catalog could not be read.</exception>
    [AlwaysInterleave, Alias("Peek")]
    Task<CatalogInspection> PeekAsync(string key);

    /// <summary>Returns at once, however slow the catalog is: the owner is reachable.</summary>
    [AlwaysInterleave, Alias("Ping")]
    Task PingAsync();

    /// <summary>
    /// Edits books of this slot, each independently: once this has returned, no lookup anywhere is answered from an old entry. It may
    /// take as long as a lease when a silo or client that holds the book is unreachable.
    /// </summary>
    /// <returns>The results in the same order.</returns>
    /// <exception cref="InvalidKeyException">A key is invalid; nothing was edited.</exception>
    /// <exception cref="InvalidPayloadException">An edit is invalid or belongs to another slot; nothing was edited.</exception>
    /// <exception cref="CatalogUnavailableException">
    /// The catalog could not be read or written. A single edit was not made; of several some may have been.
    /// </exception>
    /// <exception cref="OutcomeUnknownException">The edits may have been made or not; repeating them with the same ids is safe.</exception>
    [AlwaysInterleave, Alias("Edit")]
    Task<EditResult[]> EditAsync(Edit[] edits, CancellationToken cancellation);
}
