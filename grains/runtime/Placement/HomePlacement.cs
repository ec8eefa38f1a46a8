using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace OrleansCache.Placement;

/// <summary>Places a grain in the home region, or while that has no silo, in the next region of its fallback order.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.HomePlacement")]
internal sealed class HomePlacement : PlacementStrategy;

/// <inheritdoc cref="HomePlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class HomePlacementAttribute() : PlacementAttribute(new HomePlacement());

/// <summary>
/// Chooses as <see cref="OwnerPlaces"/> says, and does not ask which silos are known to host owners: all do, and of a silo that has just
/// joined this is learnt later than that it is there. An owner that was placed elsewhere in between would have to move.
/// </summary>
internal sealed class HomePlacementDirector(OwnerPlaces places) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        places.Of(target.GrainIdentity.Key.ToString()!) is { } silo
            ? Task.FromResult(silo.Address)
            : throw new RegionUnavailableException("No region has a silo now, so no owner can be placed; start a silo.");
}
