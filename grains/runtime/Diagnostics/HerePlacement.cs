namespace OrleansCache.Diagnostics;

/// <summary>A grain lives on the silo that is first asked for it: for a client's call, the silo of the gateway.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.HerePlacement")]
public sealed class HerePlacement : PlacementStrategy;
