using Orleans.Runtime.Placement;

namespace OrleansCache.Placement;

/// <summary>Chooses among the silos of the home region, or of the first region of its fallback order that has any.</summary>
internal sealed class HomePlacementDirector(RegionalSilos silos, RegionMap regions) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var compatible = context.GetCompatibleSilos(target);
        foreach (var region in regions.OrderFrom(regions.Home))
        {
            var candidates = silos.Of(region).Where(silo => compatible.Contains(silo.Address)).ToArray();
            if (candidates.Length > 0)
                return Task.FromResult(RendezvousOrder.Pick(candidates, target.GrainIdentity.Key.ToString(), rank: 1).Address);
        }

        throw new RegionUnavailableException("No region has a silo now, so no owner can be placed; start a silo.");
    }
}
