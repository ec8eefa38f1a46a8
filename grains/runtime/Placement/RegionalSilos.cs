using System.Collections.Immutable;

namespace OrleansCache.Placement;

/// <summary>The silos of the cluster by region, as this silo's membership service knows them.</summary>
public sealed class RegionalSilos(IClusterMembershipService membership)
{
    private volatile View? _view;

    /// <summary>All active silos whose names tell a region.</summary>
    public ImmutableArray<RegionalSilo> All => Current().Silos;

    /// <summary>The active silos of a region.</summary>
    public IEnumerable<RegionalSilo> Of(string region) => All.Where(silo => silo.Region == region);

    private View Current()
    {
        var snapshot = membership.CurrentSnapshot;
        if (_view is { } view && view.Version == snapshot.Version)
            return view;
        var silos = ImmutableArray.CreateBuilder<RegionalSilo>();
        foreach (var member in snapshot.Members.Values)
        {
            if (member.Status is SiloStatus.Active && SiloName.RegionOf(member.Name) is { } region)
                silos.Add(new(member.SiloAddress, member.Name, region));
        }

        return _view = new(snapshot.Version, silos.ToImmutable());
    }

    private sealed record View(MembershipVersion Version, ImmutableArray<RegionalSilo> Silos);
}
