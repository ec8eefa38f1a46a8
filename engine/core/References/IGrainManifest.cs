namespace OrleansCache.Engine.References;

/// <summary>Which grain class serves which interface.</summary>
internal interface IGrainManifest
{
    /// <exception cref="ArgumentException">No grain class implements the interface, or several do and the prefix picks none.</exception>
    GrainType GrainTypeOf(string interfaceName, string? classNamePrefix);
}
