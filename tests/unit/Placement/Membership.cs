using System.Collections.Immutable;
using System.Net;
using OrleansCache.Tests.Owners;

namespace OrleansCache.Tests.Placement;

/// <summary>A membership that a test makes up.</summary>
internal sealed class Membership
{
    private readonly Dictionary<SiloAddress, ClusterMember> _members = [];
    private long _version;

    private Membership()
    {
    }

    /// <summary>The service that shows the current members.</summary>
    public IClusterMembershipService Service => StandIn.For<IClusterMembershipService>((method, _) =>
        method.Name == $"get_{nameof(IClusterMembershipService.CurrentSnapshot)}"
            ? new ClusterMembershipSnapshot(_members.ToImmutableDictionary(), new(_version))
            : throw new NotSupportedException(method.Name));

    /// <summary>A service whose members never change.</summary>
    public static IClusterMembershipService Of(params string[] silos) => With(silos).Service;

    /// <summary>A membership of active silos.</summary>
    public static Membership With(params string[] silos)
    {
        var membership = new Membership();
        foreach (var silo in silos)
            membership.Set(silo, SiloStatus.Active);
        return membership;
    }

    /// <summary>The address of a silo: the same in all memberships.</summary>
    public static SiloAddress AddressOf(string silo) =>
        SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1 + (int)(KeyHash.Of(silo) % 60_000)), 1);

    /// <summary>Adds a silo, or changes its status.</summary>
    public void Set(string silo, SiloStatus status)
    {
        _members[AddressOf(silo)] = new(AddressOf(silo), status, silo);
        _version++;
    }
}
