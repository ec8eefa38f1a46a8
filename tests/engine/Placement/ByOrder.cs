namespace OrleansCache.Engine.Tests.Placement;

/// <summary>The strategy of <see cref="ByOrderDirector"/>.</summary>
[Serializable, GenerateSerializer, Immutable, Alias("OrleansCache.Engine.Tests.ByOrder")]
public sealed class ByOrder : PlacementStrategy;
