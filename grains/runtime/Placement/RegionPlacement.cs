using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace OrleansCache.Placement;

/// <summary>Places a grain in the region that is its key.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.RegionPlacement")]
internal sealed class RegionPlacement : PlacementStrategy;

/// <inheritdoc cref="RegionPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RegionPlacementAttribute() : PlacementAttribute(new RegionPlacement());

/// <summary>
/// Chooses among the silos of the region that the grain's key names: the region itself, or a <see cref="BookGrainKey"/>, whose place is
/// computed beforehand where there is one, so that here it only remains to say why there is none.
/// </summary>
internal sealed class RegionPlacementDirector(RegionalSilos silos, RegionMap regions) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString()!;
        var (region, rank, hashed) = key.Contains('/') ? BookGrainKey.Parse(key) : new(key, 1, key);
        // Throws for a region that is not configured, and never will have a silo.
        _ = regions.OrderFrom(region);
        return silos.Choose(region, hashed, rank, context.GetCompatibleSilos(target)) is { } silo
            ? Task.FromResult(silo.Address)
            : throw new RegionUnavailableException(
                $"The region \"{region}\" has no silo now, so no grain can be placed there; ask another region, or start a silo of it.");
    }
}
