namespace OrleansCache.Engine.Tests.Values;

/// <summary>A small value type.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.Engine.Tests.Weight")]
public readonly record struct Weight([property: Id(0)] int Grams, [property: Id(1)] string Unit);
