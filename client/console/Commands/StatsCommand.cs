using System.CommandLine;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary><c>stats [--region R]</c></summary>
internal sealed class StatsCommand : ConsoleCommand
{
    private readonly Option<string?> _region = new("--region", "-r") { Description = "Only this region.", HelpName = Names.Region };

    public StatsCommand()
        : base("stats", "Shows what each silo holds and has counted since it started.") => Add(_region);

    public override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        var names = parsed.GetValue(_region) is { } one ? session.Regions.OrderFrom(one).Take(1) : session.Regions.Names;
        var answers = await Task.WhenAll(names.Select(name => AskAsync(session, name, cancellation))).ConfigureAwait(false);
        var silent = answers.Where(answer => answer.Error is not null)
            .Select(answer => new StatsReport.Unreachable(answer.Region, answer.Error!))
            .ToArray();
        scope.Output.Write(new StatsReport([.. answers.SelectMany(answer => answer.Silos)], silent));
        return silent.Length > 0 ? ConsoleExitCode.Unavailable : ConsoleExitCode.Done;
    }

    private static async Task<(string Region, IReadOnlyList<SiloStatistics> Silos, string? Error)> AskAsync(
        ISession session, string region, CancellationToken cancellation)
    {
        try
        {
            return (region, await session.Operations.GetStatisticsAsync(region, cancellation).ConfigureAwait(false), null);
        }
        catch (CacheException error)
        {
            return (region, [], error.Message);
        }
    }
}
