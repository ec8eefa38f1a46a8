using System.CommandLine;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;

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

/// <summary>The common part of the commands that change a region's nodes.</summary>
internal abstract class NodeChangeCommand : ConsoleCommand
{
    private readonly Argument<string> _region = new(Names.Region) { Description = "The region." };
    private readonly Argument<string> _node;

    protected NodeChangeCommand(string name, string description, Argument<string> node)
        : base(name, description)
    {
        _node = node;
        Add(_region);
        Add(_node);
    }

    public sealed override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var (region, node) = (parsed.GetRequiredValue(_region), parsed.GetRequiredValue(_node));
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        var ring = await session.Operations.GetRingAsync(region, cancellation).ConfigureAwait(false);
        if (Objection(ring, node) is { } objection)
            return scope.Fail(objection.ExitCode, objection.Message);
        var changed = await ChangeAsync(session, parsed, region, node, cancellation).ConfigureAwait(false);
        scope.Output.Write(RingReport.Of(changed));
        return ConsoleExitCode.Done;
    }

    /// <summary>Why the change cannot be made; null if it can.</summary>
    protected virtual (int ExitCode, string Message)? Objection(RegionRing ring, string node) =>
        ring.Nodes.Any(member => member.Name == node)
            ? null
            : (ConsoleExitCode.NotFound, $"The region \"{ring.Region}\" has no node \"{node}\"; it has {NamesOf(ring)}.");

    protected abstract Task<RegionRing> ChangeAsync(
        ISession session, ParseResult parsed, string region, string node, CancellationToken cancellation);

    private static string NamesOf(RegionRing ring) => string.Join(", ", ring.Nodes.Select(member => member.Name));
}

/// <summary><c>node add REGION NAME CONNECTION [--weight W]</c></summary>
internal sealed class NodeAddCommand : NodeChangeCommand
{
    private readonly Argument<string> _connection = new("CONNECTION")
    {
        Description = "A Redis connection string such as 127.0.0.1:6379, memory:NAME, or local: the server that a cluster in this process "
            + "has started for the region.",
    };

    private readonly Option<int> _weight = new("--weight", "-w")
    {
        Description = $"Its share relative to the other nodes' weights, 1 to {HashRing.MaxWeight}.",
        HelpName = "W",
        DefaultValueFactory = _ => HashRing.DefaultWeight,
    };

    public NodeAddCommand()
        : base("add", "Adds a node; only the keys that it takes over move.", new("NAME") { Description = "The new node's name." })
    {
        Add(_connection);
        Add(_weight);
    }

    protected override (int ExitCode, string Message)? Objection(RegionRing ring, string node) =>
        ring.Nodes.FirstOrDefault(member => member.Name == node) is { } there
            ? (ConsoleExitCode.Conflict,
                $"The region \"{ring.Region}\" has a node \"{node}\" already, at {there.Address}; choose another name or remove it first.")
            : null;

    protected override Task<RegionRing> ChangeAsync(
        ISession session, ParseResult parsed, string region, string node, CancellationToken cancellation) =>
        session.Operations.AddNodeAsync(
            region,
            node,
            session.ConnectionOf(region, parsed.GetRequiredValue(_connection)),
            parsed.GetValue(_weight),
            cancellation);
}

/// <summary><c>node remove REGION NODE</c></summary>
internal sealed class NodeRemoveCommand() : NodeChangeCommand(
    "remove", "Removes a node; only its keys move.", new(Names.Node) { Description = "The node's name." })
{
    protected override Task<RegionRing> ChangeAsync(
        ISession session, ParseResult parsed, string region, string node, CancellationToken cancellation) =>
        session.Operations.RemoveNodeAsync(region, node, cancellation);
}

/// <summary><c>node weight REGION NODE WEIGHT</c></summary>
internal sealed class NodeWeightCommand : NodeChangeCommand
{
    private readonly Argument<int> _weight = new("WEIGHT")
    {
        Description = $"Its share relative to the other nodes' weights, 1 to {HashRing.MaxWeight}.",
    };

    public NodeWeightCommand()
        : base("weight", "Gives a node another weight.", new(Names.Node) { Description = "The node's name." }) => Add(_weight);

    protected override Task<RegionRing> ChangeAsync(
        ISession session, ParseResult parsed, string region, string node, CancellationToken cancellation) =>
        session.Operations.SetNodeWeightAsync(region, node, parsed.GetValue(_weight), cancellation);
}
