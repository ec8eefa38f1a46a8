namespace OrleansCache.Engine.Directory;

/// <summary>The activations of this silo, as the directory sees them.</summary>
internal interface ILocalActivations
{
    /// <summary>Those that are registered and have not ended.</summary>
    IEnumerable<RegisteredActivation> Registered { get; }
}
