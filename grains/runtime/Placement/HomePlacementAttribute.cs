using Orleans.Placement;

namespace OrleansCache.Placement;

/// <summary>Places a grain in the home region.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class HomePlacementAttribute() : PlacementAttribute(new HomePlacement());
