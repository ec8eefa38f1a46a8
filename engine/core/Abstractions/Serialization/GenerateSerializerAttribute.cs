namespace Orleans;

/// <summary>Marks a type whose values are sent between processes: its members with <see cref="IdAttribute"/>.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum)]
public sealed class GenerateSerializerAttribute : Attribute
{
    /// <summary>Whether the parameters of the primary constructor are members too. Unless set, they are for records and for nothing else.</summary>
    public bool IncludePrimaryConstructorParameters { get; init; }
}
