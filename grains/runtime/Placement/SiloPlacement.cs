namespace OrleansCache.Placement;

/// <summary>A grain lives on the silo whose address is its key, and nowhere else.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.SiloPlacement")]
public sealed class SiloPlacement : PlacementStrategy;
