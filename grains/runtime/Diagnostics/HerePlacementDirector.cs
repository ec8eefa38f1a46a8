using Orleans.Runtime.Placement;

namespace OrleansCache.Diagnostics;

/// <summary>Places a grain on the silo that is first asked for it.</summary>
internal sealed class HerePlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(context.LocalSilo);
}
