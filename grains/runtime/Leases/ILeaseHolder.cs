using Orleans.Concurrency;
using OrleansCache.Entries;

namespace OrleansCache.Leases;

/// <summary>
/// A silo as a holder of leases. The grain is pinned to one incarnation of the silo, so an acknowledgement is about this process and no
/// other. Its key is the silo's address, as <see cref="SiloAddress.ToParsableString"/> returns it. All calls interleave.
/// </summary>
[Alias("OrleansCache.ILeaseHolder")]
internal interface ILeaseHolder : IGrainWithStringKey
{
    /// <summary>Ends the use of entries here and in the clients below; completes when no entry of these books is used any more.</summary>
    [AlwaysInterleave, Alias("Revoke")]
    Task<RevocationToken[]> RevokeAsync(string[] books, CancellationToken cancellation);

    /// <summary>Like <see cref="RevokeAsync"/>, for all books of a slot.</summary>
    [AlwaysInterleave, Alias("RevokeSlot")]
    Task RevokeSlotAsync(int slot);

    /// <summary>Takes the new rows of books that were revoked for an edit.</summary>
    [AlwaysInterleave, Alias("Take")]
    Task TakeAsync(PushedRow[] rows);

    /// <summary>Removes entries from memory, here and in the clients below.</summary>
    /// <param name="books">Of which books; null for all.</param>
    [AlwaysInterleave, Alias("Forget")]
    Task EvictAsync(string[]? books);

    /// <summary>What this silo holds of a book; nothing is loaded, renewed or counted.</summary>
    [AlwaysInterleave, Alias("Peek")]
    Task<SiloInspection> PeekAsync(string key);

    /// <summary>Records that another silo shuts down gracefully: it and the clients below it hold no leases any more.</summary>
    /// <param name="silo">That silo's address.</param>
    [AlwaysInterleave, Alias("Farewell")]
    Task NoteDepartureAsync(string silo);

    /// <summary>Renews another silo's leases at the owners, which usually live near this silo.</summary>
    /// <param name="holder">That silo's address.</param>
    /// <param name="held">The entries that it holds.</param>
    /// <returns>For each in order the length of its lease, counted from before the call; zero when it was not renewed.</returns>
    [AlwaysInterleave, Alias("Renew")]
    Task<TimeSpan[]> RenewAsync(string holder, HeldEntry[] held);
}
