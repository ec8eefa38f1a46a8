using System.CommandLine;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Client;

namespace OrleansCache.Cli.Commands;

/// <summary><c>watch KEY [--region R]…</c></summary>
internal sealed class WatchCommand : ConsoleCommand
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly Argument<string> _key = new(Names.Key) { Description = "The book's key, such as book::1984." };

    private readonly Option<string[]> _regions = new("--region", "-r")
    {
        Description = "Only this region; may be given several times.",
        HelpName = Names.Region,
    };

    public WatchCommand()
        : base(
            "watch",
            "Shows where a book is held, twice a second until Ctrl-C: a line for each silo that has it in memory, with its lease and the "
            + "number of clients that hold one below it, and for each node. It loads nothing. With --json, or if the output is no "
            + "terminal, it shows that once.")
    {
        Add(_key);
        Add(_regions);
    }

    public override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var key = parsed.GetRequiredValue(_key);
        var kept = BookKey.Of(key);
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        string[] names = parsed.GetValue(_regions) is { Length: > 0 } some
            ? [.. some.Select(name => session.Regions.OrderFrom(name)[0]).Distinct()]
            : [.. session.Regions.Names];
        var regions = Array.ConvertAll(names, name => new RegionWatch(session.Operations, name, key));
        WatchReport Report() => new(kept, Array.ConvertAll(regions, region => region.Seen));
        if (!scope.Output.IsScreen)
        {
            await Task.WhenAll(regions.Select(region => region.LookAsync(cancellation))).ConfigureAwait(false);
            var report = Report();
            scope.Output.Write(report);
            return report.ExitCode;
        }

        // Each region is followed separately: one that does not answer must not delay the others.
        var following = Task.WhenAll(regions.Select(region => region.FollowAsync(Period, cancellation)));
        await scope.Output.RefreshAsync(Report, Period, cancellation).ConfigureAwait(false);
        await following.ConfigureAwait(false);
        return ConsoleExitCode.Done;
    }
}

/// <summary>Inspects where a region holds a book, once or periodically.</summary>
internal sealed class RegionWatch(ICacheOperations operations, string region, string key)
{
    private volatile WatchReport.WatchedRegion _seen = new(region, [], null);

    /// <summary>The result of the last inspection.</summary>
    public WatchReport.WatchedRegion Seen => _seen;

    public async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            _seen = WatchReport.WatchedRegion.Of(await operations.PeekAsync(region, key, cancellation).ConfigureAwait(false));
        }
        catch (RegionUnavailableException error)
        {
            _seen = new(region, [], error.Message);
        }
    }

    /// <summary>Inspects periodically until it is cancelled.</summary>
    public async Task FollowAsync(TimeSpan period, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await LookAsync(cancellation).ConfigureAwait(false);
                await Task.Delay(period, TimeProvider.System, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Cancellation is how watching ends.
            return;
        }
    }
}
