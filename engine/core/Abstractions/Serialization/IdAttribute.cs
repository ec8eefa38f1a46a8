namespace Orleans;

/// <summary>Gives a member its number on the wire. It stays the same as long as there are old readers or old data.</summary>
/// <param name="id">The number; unique among the members that the type itself declares.</param>
[AttributeUsage(
    AttributeTargets.Field
    | AttributeTargets.Property
    | AttributeTargets.Class
    | AttributeTargets.Struct
    | AttributeTargets.Enum
    | AttributeTargets.Method
    | AttributeTargets.Parameter)]
public sealed class IdAttribute(uint id) : Attribute
{
    /// <summary>The number.</summary>
    public uint Id { get; } = id;
}
