namespace OrleansCache.Engine.Internals.Tests.Network;

/// <summary>Something that a call carries.</summary>
[GenerateSerializer, Immutable, Alias("OrleansCache.Tests.Burden")]
public sealed record Burden([property: Id(0)] int Number);
