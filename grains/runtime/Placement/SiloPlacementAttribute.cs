using Orleans.Placement;

namespace OrleansCache.Placement;

/// <summary>Pins a grain to the silo that its key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SiloPlacementAttribute() : PlacementAttribute(new SiloPlacement());
