using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace OrleansCache.Placement;

/// <summary>Places a grain in the home region, or while that has no silo, in the next region of its fallback order.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.HomePlacement")]
internal sealed class HomePlacement : PlacementStrategy;

/// <inheritdoc cref="HomePlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class HomePlacementAttribute() : PlacementAttribute(new HomePlacement());

/// <summary>Chooses among the silos of the first region that has any.</summary>
internal sealed class HomePlacementDirector(RegionalSilos silos, RegionMap regions) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString()!;
        var compatible = context.GetCompatibleSilos(target);
        foreach (var region in regions.OrderFrom(regions.Home))
        {
            if (silos.Choose(region, key, rank: 1, compatible) is { } silo)
                return Task.FromResult(silo.Address);
        }

        throw new RegionUnavailableException("No region has a silo now, so no owner can be placed; start a silo.");
    }
}
