using OrleansCache.Redis;

namespace OrleansCache.Configuration;

/// <summary>A node in the configuration.</summary>
public sealed class NodeDefinitionSettings
{
    /// <summary>Its name, unique in the region.</summary>
    public string Name { get; set; } = "";

    /// <summary>A StackExchange.Redis connection string, or <c>memory:NAME</c>.</summary>
    public string Connection { get; set; } = "";

    /// <summary>Its share of the keys relative to the other nodes' weights; 1 to 1000.</summary>
    public int Weight { get; set; } = HashRing.UsualWeight;

    /// <summary>The same as the ring takes it.</summary>
    public NodeDefinition ToDefinition() => new(Name, Connection, Weight);
}
