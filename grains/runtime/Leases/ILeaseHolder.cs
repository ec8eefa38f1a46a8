using Orleans.Concurrency;
using OrleansCache.Entries;

namespace OrleansCache.Leases;

/// <summary>
/// A silo as a holder of leases, and as the place of owners. The grain is pinned to one incarnation of the silo, so an acknowledgement is
/// about this process and no other. Its key is the silo's address, as <see cref="SiloAddress.ToParsableString"/> returns it. All calls
/// interleave.
/// </summary>
[Alias("OrleansCache.ILeaseHolder")]
internal interface ILeaseHolder : IGrainWithStringKey
{
    /// <summary>Ends the use of entries here and in the clients below; completes when no entry of these books is used any more.</summary>
    [AlwaysInterleave, Alias("RevokeVolumes")]
    Task<RevocationToken[]> RevokeAsync(string[] books, CancellationToken cancellation);

    /// <summary>
    /// Ends the volume lease on a slot here and in the clients below, if it is of a lower epoch, and refuses such epochs from now on;
    /// completes when no entry is used any more under it.
    /// </summary>
    /// <returns>For how long silos may use their leases that have left without returning them, as far as this silo knows.</returns>
    [AlwaysInterleave, Alias("EndSlot")]
    Task<TimeSpan> EndSlotAsync(int slot, long lowestEpoch);

    /// <summary>Takes the new rows of books that were revoked for an edit.</summary>
    [AlwaysInterleave, Alias("TakePushed")]
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

    /// <summary>Renews another silo's volume leases at the owners that are on this silo.</summary>
    /// <param name="holder">That silo's address.</param>
    /// <param name="requests">One for each slot.</param>
    /// <returns>The answers in the same order; null where an owner has not answered.</returns>
    [AlwaysInterleave, Alias("RenewVolumes")]
    Task<VolumeRenewal?[]> RenewAsync(string holder, VolumeRenewalRequest[] requests);
}
