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

    /// <summary>Grants leases on rows that a silo has and that are current, with few reads.</summary>
    /// <param name="requests">The rows.</param>
    /// <returns>
    /// The grants in the same order, none with a row; null for a row that is not current any more, or that is being edited.
    /// </returns>
    /// <exception cref="CatalogUnavailableException">The catalog could not be read.</exception>
    [AlwaysInterleave, Alias("Confirm")]
    Task<LeaseGrant?[]> ConfirmAsync(LeaseRequest[] requests);
}
