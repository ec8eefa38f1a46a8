namespace Orleans;

/// <summary>Gives a type or a method a name on the wire that does not change when it is renamed.</summary>
/// <param name="alias">The name; unique among all types, or among the methods of the interface.</param>
[AttributeUsage(
    AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Interface | AttributeTargets.Enum | AttributeTargets.Method,
    AllowMultiple = true)]
public sealed class AliasAttribute(string alias) : Attribute
{
    /// <summary>The name.</summary>
    public string Alias { get; } = alias;
}
