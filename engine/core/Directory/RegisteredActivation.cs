namespace OrleansCache.Engine.Directory;

/// <summary>An activation that its silo has registered.</summary>
[GenerateSerializer]
[Immutable]
[Alias("OrleansCache.Engine.RegisteredActivation")]
internal readonly struct RegisteredActivation
{
    [Id(0)]
    public GrainId Grain { get; init; }

    [Id(1)]
    public long Activation { get; init; }
}
