namespace OrleansCache.Engine.Tests.Values;

/// <summary>A derived type; its ids are counted apart from the base's.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.Engine.Tests.Circle")]
public sealed record Circle : Shape
{
    /// <summary>A member of its own.</summary>
    [Id(0)]
    public required double Radius { get; init; }
}
