using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace OrleansCache.Placement;

/// <summary>Pins a grain to the silo whose address is its key.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.SiloPlacement")]
internal sealed class SiloPlacement : ComputedPlacement;

/// <inheritdoc cref="SiloPlacement"/>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SiloPlacementAttribute() : PlacementAttribute(new SiloPlacement());

/// <summary>Chooses the silo that the key names, or fails when that incarnation of it has left the cluster.</summary>
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
