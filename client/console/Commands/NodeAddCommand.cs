using System.CommandLine;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary><c>node add REGION NAME CONNECTION [--weight W]</c></summary>
internal sealed class NodeAddCommand : NodeChangeCommand
{
    private readonly Argument<string> _connection = new("CONNECTION") { Description = "A Redis connection string such as 127.0.0.1:6379, memory:NAME, or local: the server that a cluster in this process has started for the region." };

    private readonly Option<int> _weight = new("--weight", "-w")
    {
        Description = $"Its share relative to the other nodes' weights, 1 to {HashRing.MaxWeight}.",
        HelpName = "W",
        DefaultValueFactory = _ => HashRing.UsualWeight,
    };

    public NodeAddCommand()
        : base("add", "Adds a node; only the keys that become its own move.", new("NAME") { Description = "The new node's name." })
    {
        Add(_connection);
        Add(_weight);
    }

    protected override (int ExitCode, string Message)? Objection(RegionRing ring, string node) =>
        ring.Nodes.FirstOrDefault(member => member.Name == node) is { } there
            ? (ExitCode.Conflict, $"The region \"{ring.Region}\" has a node \"{node}\" already, at {there.Address}; choose another name or remove it first.")
            : null;

    protected override Task<RegionRing> ChangeAsync(ISession session, ParseResult parsed, string region, string node, CancellationToken cancellation) =>
        session.Operations.AddNodeAsync(region, node, session.ConnectionOf(region, parsed.GetRequiredValue(_connection)), parsed.GetValue(_weight), cancellation);
}
