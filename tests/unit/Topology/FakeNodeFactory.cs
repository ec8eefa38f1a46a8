using OrleansCache.Redis;

namespace OrleansCache.Tests.Topology;

/// <summary>Makes fake nodes and keeps them.</summary>
internal sealed class FakeNodeFactory : INodeFactory
{
    public List<FakeNode> Made { get; } = [];

    public INode Create(NodeDefinition definition)
    {
        var node = new FakeNode(definition);
        Made.Add(node);
        return node;
    }

    public string AddressOf(string connection) => connection;
}
