using Orleans.Concurrency;

namespace OrleansCache.Owners;

/// <summary>The face of an owner to the silos that hold its leases.</summary>
[Alias("OrleansCache.ILeaseOwner")]
internal interface ILeaseOwner : IGrainWithStringKey
{
    /// <summary>
    /// Renews leases on rows that are unchanged in the catalog. Nothing else is renewed: the holder has to acquire a new lease.
    /// </summary>
    /// <returns>The length of each lease in the same order, counted from before the call; zero where it was not renewed.</returns>
    [AlwaysInterleave, Alias("Renew")]
    Task<TimeSpan[]> RenewAsync(string holder, HeldEntry[] held);
}
