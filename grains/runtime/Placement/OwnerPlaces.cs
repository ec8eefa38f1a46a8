namespace OrleansCache.Placement;

/// <summary>Where owners belong: in the home region, or while that has no silo, in the next region of its fallback order.</summary>
internal sealed class OwnerPlaces(RegionalSilos silos, RegionMap regions)
{
    /// <summary>The first region that has a silo; null when none has.</summary>
    public string? Region => regions.OrderFrom(regions.Home).FirstOrDefault(region => silos.Of(region).Any());

    /// <summary>The silos of that region.</summary>
    public IEnumerable<RegionalSilo> Silos => Region is { } region ? silos.Of(region) : [];

    /// <summary>The silo of a slot's owner; null when no region has a silo.</summary>
    public RegionalSilo? Of(string owner) => Silos.ToArray() is { Length: > 0 } all ? RendezvousOrder.Pick(all, owner, rank: 1) : null;

    /// <summary>As the other overload, among silos that can host the owner.</summary>
    public RegionalSilo? Of(string owner, SiloAddress[] compatible)
    {
        foreach (var region in regions.OrderFrom(regions.Home))
        {
            if (silos.Choose(region, owner, rank: 1, compatible) is { } silo)
                return silo;
        }

        return null;
    }
}
