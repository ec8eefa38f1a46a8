using System.Text.Json.Serialization;
using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>lookup</c>: an entry per key, in the order of the keys.</summary>
internal sealed record LookupReport(IReadOnlyList<LookupEntry> Lookups) : IReport
{
    [JsonIgnore]
    public int ExitCode =>
        Lookups.Any(entry => entry.Error is not null) ? Cli.ExitCode.Unavailable
        : Lookups.Any(entry => !entry.Found) ? Cli.ExitCode.NotFound
        : Cli.ExitCode.Done;

    public void Render(IAnsiConsole console)
    {
        if (Lookups is [var single])
        {
            single.Render(console);
            return;
        }

        var table = Tables.Create(console, "key", "title", "author", "version#", "tier", "region", "node", "time#", "TTL left#");
        foreach (var entry in Lookups)
        {
            if (entry.Error is not null)
                table.Row(entry.Key, "failed", "", "", "", "", "", Format.Duration(entry.Elapsed));
            else
                table.Row(
                    entry.Key, entry.Book?.Title ?? "not found", entry.Book?.Author, entry.Found ? Format.Count(entry.Version) : "", entry.Tier,
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
