using Orleans.Metadata;
using Orleans.Placement;

namespace OrleansCache.Placement;

/// <summary>A grain whose place is computed by every silo (<see cref="ComputedPlaces"/>), and which is in no directory.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.ComputedPlacement")]
internal abstract class ComputedPlacement : PlacementStrategy
{
    /// <inheritdoc/>
    public sealed override bool IsUsingGrainDirectory => false;

    /// <inheritdoc/>
    public override void PopulateGrainProperties(
        IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties)
    {
        base.PopulateGrainProperties(services, grainClass, grainType, properties);
        // Orleans asks a directory even for a grain that is in none, unless the cache of addresses has it.
        properties[WellKnownGrainTypeProperties.GrainDirectory] = ComputedPlaces.Name;
    }
}
