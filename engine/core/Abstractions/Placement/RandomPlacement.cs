namespace Orleans.Runtime;

/// <summary>Any silo will do.</summary>
public sealed class RandomPlacement : PlacementStrategy;
