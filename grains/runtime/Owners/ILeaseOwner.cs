using Orleans.Concurrency;

namespace OrleansCache.Owners;

/// <summary>What an owner is to the silos that hold leases of its.</summary>
[Alias("OrleansCache.ILeaseOwner")]
internal interface ILeaseOwner : IGrainWithStringKey
{
    /// <summary>Renews leases on rows that are still the catalog's; refuses everything that is not as plain as that.</summary>
    /// <returns>For each in order how long its lease is, counted from before the call; zero when it was not renewed.</returns>
    [AlwaysInterleave, Alias("Renew")]
    Task<TimeSpan[]> RenewAsync(string holder, HeldEntry[] held);
}
