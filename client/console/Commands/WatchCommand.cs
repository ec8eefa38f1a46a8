using System.CommandLine;
using OrleansCache.Cli.Output.Reports;

namespace OrleansCache.Cli.Commands;

/// <summary><c>watch KEY [--region R]…</c></summary>
internal sealed class WatchCommand : ConsoleCommand
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly Argument<string> _key = new(Names.Key) { Description = "The book's key, such as book::1984." };

    private readonly Option<string[]> _regions = new("--region", "-r") { Description = "Only this region; may be given several times.", HelpName = Names.Region };

    public WatchCommand()
        : base(
            "watch",
            "Shows where a book is held, twice a second until Ctrl-C. A line for each silo that has it in memory, with its lease and how many clients have one below, and for each node. "
            + "It only looks, and loads nothing. With --json, or where the output is no terminal, it shows that once.")
    {
        Add(_key);
        Add(_regions);
    }

    public override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var key = CacheKey.Validate(parsed.GetRequiredValue(_key));
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        string[] names = parsed.GetValue(_regions) is { Length: > 0 } some
            ? [.. some.Select(name => session.Regions.OrderFrom(name)[0]).Distinct()]
            : [.. session.Regions.Names];
        var regions = Array.ConvertAll(names, name => new RegionWatch(session.Operations, name, key));
        WatchReport Report() => new(key, Array.ConvertAll(regions, region => region.Seen));
        if (!scope.Output.IsScreen)
        {
            await Task.WhenAll(regions.Select(region => region.LookAsync(cancellation))).ConfigureAwait(false);
            var report = Report();
            scope.Output.Write(report);
            return report.ExitCode;
        }

        // Each by itself: one that does not answer must not hold up what is seen of the others.
        var following = Task.WhenAll(regions.Select(region => region.FollowAsync(Period, cancellation)));
        await scope.Output.RefreshAsync(Report, Period, cancellation).ConfigureAwait(false);
        await following.ConfigureAwait(false);
        return ExitCode.Done;
    }
}
