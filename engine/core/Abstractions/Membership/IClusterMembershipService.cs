namespace Orleans.Runtime;

/// <summary>Knows the cluster's silos.</summary>
public interface IClusterMembershipService
{
    /// <summary>The silos as known now.</summary>
    ClusterMembershipSnapshot CurrentSnapshot { get; }

    /// <summary>The current snapshot and each later one; a slow reader sees the latest and misses some between.</summary>
    IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates { get; }

    /// <summary>Reads the membership anew.</summary>
    /// <param name="minimumVersion">Returns at once when this version is known already.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default);

    /// <summary>Declares a silo dead.</summary>
    /// <param name="siloAddress">The silo.</param>
    /// <returns>True when the silo is dead now.</returns>
    Task<bool> TryKill(SiloAddress siloAddress);
}
