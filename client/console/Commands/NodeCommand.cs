using System.CommandLine;

namespace OrleansCache.Cli.Commands;

/// <summary><c>node add|remove|weight …</c></summary>
internal sealed class NodeCommand : Command
{
    public NodeCommand()
        : base("node", "Adds, removes or re-weights a region's nodes; the change is kept in the catalog.")
    {
        Add(new NodeAddCommand());
        Add(new NodeRemoveCommand());
        Add(new NodeWeightCommand());
    }
}
