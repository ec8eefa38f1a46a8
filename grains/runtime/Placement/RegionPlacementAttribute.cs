using Orleans.Placement;

namespace OrleansCache.Placement;

/// <summary>Places a grain in the region that its key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RegionPlacementAttribute() : PlacementAttribute(new RegionPlacement());
