namespace OrleansCache.Placement;

/// <summary>A grain whose key begins with a region lives on a silo of that region.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.RegionPlacement")]
public sealed class RegionPlacement : PlacementStrategy;
