using Orleans.Concurrency;
using OrleansCache.Entries;

namespace OrleansCache.Leases;

/// <summary>
/// A silo as the holder of leases: pinned to it, one per incarnation, so that what it acknowledges is true of this process and of no
/// other. Its key is the silo's address, as <see cref="SiloAddress.ToParsableString"/> gives it. All its calls interleave.
/// </summary>
[Alias("OrleansCache.ILeaseHolder")]
internal interface ILeaseHolder : IGrainWithStringKey
{
    /// <summary>Ends the use of entries here and in the clients below; answers when no entry of these books is used any more.</summary>
    [AlwaysInterleave, Alias("Revoke")]
    Task<RevocationToken[]> RevokeAsync(string[] books, CancellationToken cancellation);

    /// <summary>As <see cref="RevokeAsync"/>, for all books of a slot.</summary>
    [AlwaysInterleave, Alias("RevokeSlot")]
    Task RevokeSlotAsync(int slot);

    /// <summary>Takes the rows that books got by an edit for which they were revoked.</summary>
    [AlwaysInterleave, Alias("Take")]
    Task TakeAsync(PushedRow[] rows);

    /// <summary>Lets go of entries in memory alone, here and in the clients below.</summary>
    /// <param name="books">Of which books; null for all.</param>
    [AlwaysInterleave, Alias("Forget")]
    Task EvictAsync(string[]? books);

    /// <summary>What this silo holds of a book, as it is; nothing is loaded, renewed or counted.</summary>
    [AlwaysInterleave, Alias("Peek")]
    Task<SiloInspection> PeekAsync(string key);

    /// <summary>Hears from a silo that leaves that it and the clients below it hold nothing any more.</summary>
    [AlwaysInterleave, Alias("Farewell")]
    Task FarewellAsync(string silo);

    /// <summary>Has the owners that live near this silo renew another silo's leases.</summary>
    /// <param name="holder">That silo's address.</param>
    /// <param name="held">What it holds.</param>
    /// <returns>For each in order how long its lease is, counted from before the call; zero when it was not renewed.</returns>
    [AlwaysInterleave, Alias("Renew")]
    Task<TimeSpan[]> RenewAsync(string holder, HeldEntry[] held);
}
