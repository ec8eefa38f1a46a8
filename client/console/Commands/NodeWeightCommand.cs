using System.CommandLine;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary><c>node weight REGION NODE WEIGHT</c></summary>
internal sealed class NodeWeightCommand : NodeChangeCommand
{
    private readonly Argument<int> _weight = new("WEIGHT") { Description = $"Its share relative to the other nodes' weights, 1 to {HashRing.MaxWeight}." };

    public NodeWeightCommand()
        : base("weight", "Gives a node another weight.", new(Names.Node) { Description = "The node's name." }) => Add(_weight);

    protected override Task<RegionRing> ChangeAsync(ISession session, ParseResult parsed, string region, string node, CancellationToken cancellation) =>
        session.Operations.SetNodeWeightAsync(region, node, parsed.GetValue(_weight), cancellation);
}
