namespace OrleansCache.Engine.Tests.Support;

/// <summary>A grain whose key is <c>name!rest</c> lives on the silo of that name while there is one, and else anywhere.</summary>
[Serializable, GenerateSerializer, Immutable, Alias("OrleansCache.Engine.Tests.PreferByKey")]
public sealed class PreferByKey : PlacementStrategy;
