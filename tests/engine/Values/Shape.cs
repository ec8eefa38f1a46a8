namespace OrleansCache.Engine.Tests.Values;

/// <summary>A base type whose derived types are sent.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.Engine.Tests.Shape")]
public abstract record Shape
{
    /// <summary>A member of the base.</summary>
    [Id(0)]
    public required string Colour { get; init; }
}
