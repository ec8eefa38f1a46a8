using Orleans.Runtime.Placement;

namespace OrleansCache.Placement;

/// <summary>Chooses among the silos of the region that the grain's key names.</summary>
internal sealed class RegionPlacementDirector(RegionalSilos silos, RegionMap regions) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString()!;
        var (region, rank, book) = key.Contains('/') ? BookGrainKey.Parse(key) : new(key, 1, key);
        // Throws for a region that is not configured, where a silo would be waited for in vain.
        _ = regions.OrderFrom(region);
        var compatible = context.GetCompatibleSilos(target);
        var candidates = silos.Of(region).Where(silo => compatible.Contains(silo.Address)).ToArray();
        if (candidates.Length == 0)
            throw new RegionUnavailableException($"The region \"{region}\" has no silo now, so nothing can be placed there; ask another region, or start a silo of it.");
        return Task.FromResult(RendezvousOrder.Pick(candidates, book, rank).Address);
    }
}
