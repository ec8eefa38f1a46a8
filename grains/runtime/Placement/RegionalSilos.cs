using System.Collections.Immutable;

namespace OrleansCache.Placement;

/// <summary>An active silo of the cluster.</summary>
internal sealed record RegionalSilo(SiloAddress Address, string Name, string Region);

/// <summary>The silos of the cluster by region, as this silo's membership service knows them.</summary>
internal sealed class RegionalSilos(IClusterMembershipService membership)
{
    private volatile View? _view;

    /// <summary>All active silos whose names contain a region.</summary>
    public ImmutableArray<RegionalSilo> All => Current().Silos;

    /// <summary>The active silos of a region.</summary>
    public IEnumerable<RegionalSilo> Of(string region) => All.Where(silo => silo.Region == region);

    /// <summary>The silo of a region that a key belongs to, in <see cref="RendezvousOrder"/>.</summary>
    /// <param name="region">The region.</param>
    /// <param name="key">The text that is hashed.</param>
    /// <param name="rank">The position in the key's order, from 1.</param>
    /// <param name="compatible">The silos that can host the grain.</param>
    /// <returns>Null when the region has no compatible silo.</returns>
    public RegionalSilo? Choose(string region, string key, int rank, SiloAddress[] compatible)
    {
        var candidates = Of(region).Where(silo => compatible.Contains(silo.Address)).ToArray();
        return candidates.Length == 0 ? null : RendezvousOrder.Pick(candidates, key, rank);
    }

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
