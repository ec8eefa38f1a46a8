using Orleans.Runtime.Placement;

namespace OrleansCache.Placement;

/// <summary>Places a grain on the silo that its key names, or refuses when that incarnation of it is gone.</summary>
internal sealed class SiloPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString()!;
        var address = SiloAddress.FromParsableString(key);
        return context.GetCompatibleSilos(target).Contains(address)
            ? Task.FromResult(address)
            : throw new RegionUnavailableException($"The silo {key} is not part of the cluster now.");
    }
}
