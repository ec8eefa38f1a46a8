using Orleans.Concurrency;

namespace OrleansCache.Owners;

/// <summary>The face of an owner to the silos that hold its leases.</summary>
[Alias("OrleansCache.ILeaseOwner")]
internal interface ILeaseOwner : IGrainWithStringKey
{
    /// <summary>Renews a silo's volume lease on the slot.</summary>
    /// <param name="holder">The silo's address.</param>
    /// <param name="request">What it has and has not any more.</param>
    [AlwaysInterleave, Alias("RenewVolume")]
    ValueTask<VolumeRenewal> RenewAsync(string holder, VolumeRenewalRequest request);
}
