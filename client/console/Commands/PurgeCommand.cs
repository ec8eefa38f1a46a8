using System.CommandLine;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;

namespace OrleansCache.Cli.Commands;

/// <summary><c>purge KEY… | --region R</c></summary>
internal sealed class PurgeCommand : ConsoleCommand
{
    private readonly Argument<string[]> _keys = new(Names.Key)
    {
        Description = "Keys of the books to drop; without any, all that the region holds.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _region = new("--region", "-r")
    {
        Description = "Only this region; without it, all regions.",
        HelpName = Names.Region,
    };

    public PurgeCommand()
        : base(
            "purge",
            "Drops cached entries of books, or all that a region holds; the catalog keeps the books. Entries leave the memory of silos, "
            + "the near caches of their clients, and the region's nodes, where only keys with the cache's own prefix are removed. The next "
            + "lookup of a book loads it again.")
    {
        Add(_keys);
        Add(_region);
    }

    public override async Task<int> RunAsync(ParseResult parsed, CommandScope scope, CancellationToken cancellation)
    {
        var keys = parsed.GetValue(_keys) ?? [];
        var region = parsed.GetValue(_region);
        if (keys.Length == 0 && region is null)
        {
            return scope.Fail(
                ConsoleExitCode.BadUsage, "\"purge\" needs a KEY, or --region for all that a region holds.", Usage.Hint(this));
        }

        foreach (var key in keys)
            BookKey.Of(key);
        var session = await scope.SessionAsync(cancellation).ConfigureAwait(false);
        var names = region is null ? session.Regions.Names : [session.Regions.OrderFrom(region)[0]];
        var only = keys.Length == 0 ? null : keys;
        var entries = await Task.WhenAll(names.Select(name => PurgeAsync(session, name, only, cancellation))).ConfigureAwait(false);
        var report = new PurgeReport(keys, entries);
        scope.Output.Write(report);
        return report.ExitCode;
    }

    private static async Task<PurgeReport.PurgedRegion> PurgeAsync(
        ISession session, string region, string[]? keys, CancellationToken cancellation)
    {
        try
        {
            return PurgeReport.PurgedRegion.Of(await session.Operations.PurgeAsync(region, keys, cancellation).ConfigureAwait(false));
        }
        catch (RegionUnavailableException error)
        {
            return new(region, [], [], [], [], null, [], error.Message);
        }
    }
}
