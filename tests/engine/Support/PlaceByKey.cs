namespace OrleansCache.Engine.Tests.Support;

/// <summary>A grain whose key is <c>name!rest</c> lives on the silo of that name; others live where the request comes in.</summary>
[Serializable, GenerateSerializer, Immutable, Alias("OrleansCache.Engine.Tests.PlaceByKey")]
public sealed class PlaceByKey : PlacementStrategy;
