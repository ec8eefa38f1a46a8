using System.Collections.Immutable;

namespace Orleans.Runtime;

/// <summary>The cluster's silos at one moment.</summary>
public sealed class ClusterMembershipSnapshot
{
    /// <summary>Makes a snapshot.</summary>
    /// <param name="members">The silos.</param>
    /// <param name="version">Orders this snapshot among others.</param>
    public ClusterMembershipSnapshot(ImmutableDictionary<SiloAddress, ClusterMember> members, MembershipVersion version) => (Members, Version) = (members, version);

    /// <summary>The silos by their address.</summary>
    public ImmutableDictionary<SiloAddress, ClusterMember> Members { get; }

    /// <summary>Orders this snapshot among others.</summary>
    public MembershipVersion Version { get; }

    /// <summary>The stage of a silo's life; a silo whose endpoint a later one has taken is dead.</summary>
    /// <param name="silo">The silo.</param>
    public SiloStatus GetSiloStatus(SiloAddress silo)
    {
        if (Members.TryGetValue(silo, out var member)) return member.Status;
        var replaced = Members.Keys.Any(other => other.Endpoint.Equals(silo.Endpoint) && other.Generation > silo.Generation);
        return replaced ? SiloStatus.Dead : SiloStatus.None;
    }

    /// <inheritdoc/>
    public override string ToString() => $"[version {Version}: {string.Join(", ", Members.Values)}]";
}
