using System.CommandLine;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary><c>node remove REGION NODE</c></summary>
internal sealed class NodeRemoveCommand() : NodeChangeCommand("remove", "Removes a node; only its keys move.", new(Names.Node) { Description = "The node's name." })
{
    protected override Task<RegionRing> ChangeAsync(ISession session, ParseResult parsed, string region, string node, CancellationToken cancellation) =>
        session.Operations.RemoveNodeAsync(region, node, cancellation);
}
