using System.CommandLine;
using OrleansCache.Cli.Output.Reports;

namespace OrleansCache.Cli.Commands;

/// <summary><c>ring REGION [KEY]</c></summary>
internal sealed class RingCommand : ConsoleCommand
{
    private readonly Argument<string> _region = new(Names.Region) { Description = "The region." };

    private readonly Argument<string?> _key = new(Names.Key)
    {
        Description = "A book's key: shows which node it belongs to.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public RingCommand()
        : base("ring", "Shows a region's hash ring: its nodes, their weights and shares.")
    {
        Add(_region);
        Add(_key);
    }

    public override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var key = parsed.GetValue(_key) is { } given ? BookKey.Of(given) : null;
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        var ring = await session.Operations.GetRingAsync(parsed.GetRequiredValue(_region), cancellation).ConfigureAwait(false);
        scope.Output.Write(RingReport.Of(ring, key));
        return ConsoleExitCode.Done;
    }
}
