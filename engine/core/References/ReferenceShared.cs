namespace OrleansCache.Engine.References;

internal sealed class ReferenceShared
{
    public required string InterfaceName { get; init; }

    public required IReferenceFactory Factory { get; init; }
}
