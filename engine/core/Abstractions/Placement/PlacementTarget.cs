namespace Orleans.Runtime.Placement;

/// <summary>A grain that needs an activation, and the request that asks for it.</summary>
public readonly struct PlacementTarget
{
    /// <summary>Makes a target.</summary>
    /// <param name="grainIdentity">The grain.</param>
    /// <param name="requestContextData">The request's context.</param>
    /// <param name="interfaceType">The interface that is called.</param>
    /// <param name="interfaceVersion">That interface's version.</param>
    public PlacementTarget(GrainId grainIdentity, Dictionary<string, object> requestContextData, GrainInterfaceType interfaceType, ushort interfaceVersion) =>
        (GrainIdentity, RequestContextData, InterfaceType, InterfaceVersion) = (grainIdentity, requestContextData, interfaceType, interfaceVersion);

    /// <summary>The grain.</summary>
    public GrainId GrainIdentity { get; }

    /// <summary>The interface that is called.</summary>
    public GrainInterfaceType InterfaceType { get; }

    /// <summary>That interface's version.</summary>
    public ushort InterfaceVersion { get; }

    /// <summary>The request's context.</summary>
    public Dictionary<string, object> RequestContextData { get; }
}
