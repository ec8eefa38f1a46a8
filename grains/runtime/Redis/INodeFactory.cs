namespace OrleansCache.Redis;

/// <summary>Makes nodes from their definitions.</summary>
public interface INodeFactory
{
    /// <summary>Makes a node; does not wait until it can be reached.</summary>
    /// <exception cref="InvalidTopologyException">The connection string cannot be used.</exception>
    INode Create(NodeDefinition definition);

    /// <summary>Where a node is, without user and password.</summary>
    /// <exception cref="InvalidTopologyException">The connection string cannot be used.</exception>
    string AddressOf(string connection);
}
