using System.CommandLine;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary>What the commands that change a region's nodes have in common.</summary>
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
        return ExitCode.Done;
    }

    /// <summary>Why the change cannot be made, or null.</summary>
    protected virtual (int ExitCode, string Message)? Objection(RegionRing ring, string node) =>
        ring.Nodes.Any(member => member.Name == node)
            ? null
            : (ExitCode.NotFound, $"The region \"{ring.Region}\" has no node \"{node}\"; it has {string.Join(", ", ring.Nodes.Select(member => member.Name))}.");

    protected abstract Task<RegionRing> ChangeAsync(ISession session, ParseResult parsed, string region, string node, CancellationToken cancellation);
}
