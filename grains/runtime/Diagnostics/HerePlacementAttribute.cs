using Orleans.Placement;

namespace OrleansCache.Diagnostics;

/// <summary>Places a grain on the silo that is first asked for it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class HerePlacementAttribute() : PlacementAttribute(new HerePlacement());
