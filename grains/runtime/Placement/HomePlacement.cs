namespace OrleansCache.Placement;

/// <summary>A grain lives in the home region; when that has no silo, in the next region of its fallback order.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.HomePlacement")]
public sealed class HomePlacement : PlacementStrategy;
