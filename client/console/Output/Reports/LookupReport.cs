using System.Text.Json.Serialization;
using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>lookup</c>: an entry per key, in the order of the keys.</summary>
internal sealed record LookupReport(IReadOnlyList<LookupEntry> Lookups) : IReport
{
    // On a narrower terminal the table would break words; there the books stand one below the other.
    private const int TableWidth = 140;
    private const int LongestTitle = 40;
    private const int LongestAuthor = 24;

    [JsonIgnore]
    public int ExitCode =>
        Lookups.Any(entry => entry.Error is not null) ? Cli.ExitCode.Unavailable
        : Lookups.Any(entry => !entry.Found) ? Cli.ExitCode.NotFound
        : Cli.ExitCode.Done;

    public void Render(IAnsiConsole console)
    {
        if (Lookups.Count == 1 || console.Profile.Width < TableWidth)
        {
            foreach (var entry in Lookups)
                entry.Render(console);
            return;
        }

        var table = Tables.Create(console, "key", "title", "author", "version#", "tier", "region", "node", "time#", "TTL left#");
        foreach (var entry in Lookups)
        {
            if (entry.Error is not null)
                table.Row(entry.Key, "failed", "", "", "", "", "", Format.Duration(entry.Elapsed));
            else
                table.Row(
                    entry.Key, Format.Short(entry.Book?.Title ?? "not found", LongestTitle), Format.Short(entry.Book?.Author, LongestAuthor), entry.Found ? Format.Count(entry.Version) : "", entry.Tier,
                    entry.Region, entry.Node, Format.Duration(entry.Elapsed), Format.Duration(entry.TimeToLive));
        }

        console.Write(table);
        foreach (var entry in Lookups)
        {
            if ((entry.Error ?? entry.Hint) is { } remark)
                console.WriteLine(remark);
        }
    }
}
