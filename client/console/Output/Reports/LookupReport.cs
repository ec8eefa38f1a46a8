using System.Text.Json.Serialization;
using OrleansCache.Client;
using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>lookup</c>: one result per key, in the order of the keys.</summary>
internal sealed record LookupReport(IReadOnlyList<LookupEntry> Lookups) : IReport
{
    // A narrower terminal shows the books one below the other instead of a table.
    private const int TableWidth = 140;
    private const int LongestTitle = 40;
    private const int LongestAuthor = 24;

    [JsonIgnore]
    public int ExitCode =>
        Lookups.Any(entry => entry.Error is not null) ? ConsoleExitCode.Unavailable
        : Lookups.Any(entry => !entry.Found) ? ConsoleExitCode.NotFound
        : ConsoleExitCode.Done;

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
                    entry.Key, Format.Short(entry.Book?.Title ?? "not found", LongestTitle),
                    Format.Short(entry.Book?.Author, LongestAuthor), entry.Found ? Format.Count(entry.Version) : "",
                    entry.Tier, entry.Region, entry.Node,
                    Format.Duration(entry.Elapsed), Format.Duration(entry.TimeToLive));
        }

        console.Write(table);
        foreach (var entry in Lookups)
        {
            if ((entry.Error ?? entry.Hint) is { } remark)
                console.WriteLine(remark);
        }
    }
}

/// <summary>The result of one lookup.</summary>
internal sealed record LookupEntry
{
    public required string Key { get; init; }

    public bool Found { get; init; }

    public Book? Book { get; init; }

    public long Version { get; init; }

    public string? Tier { get; init; }

    public string? Region { get; init; }

    public string? Node { get; init; }

    public double ElapsedMs => Elapsed.TotalMilliseconds;

    public double AgeMs => Age.TotalMilliseconds;

    public double TimeToLiveMs => TimeToLive.TotalMilliseconds;

    public IReadOnlyList<string> Flags { get; init; } = [];

    public IReadOnlyList<string> FailedAttempts { get; init; } = [];

    /// <summary>Why the lookup failed.</summary>
    public string? Error { get; init; }

    /// <summary>Which key was probably meant.</summary>
    public string? Hint { get; init; }

    [JsonIgnore]
    public TimeSpan Elapsed { get; init; }

    [JsonIgnore]
    public TimeSpan Age { get; init; }

    [JsonIgnore]
    public TimeSpan TimeToLive { get; init; }

    public static LookupEntry Of(LookupResult result, string? hint = null) => new()
    {
        Key = result.Key,
        Found = result.Found,
        Book = result.Book,
        Version = result.Version,
        Tier = Format.Tier(result.Tier),
        Region = result.Region,
        Node = result.Node,
        Elapsed = result.Elapsed,
        Age = result.Age,
        TimeToLive = result.TimeToLive,
        Flags = result.Flags == LookupFlags.None ? [] : result.Flags.ToString().ToLowerInvariant().Split(", "),
        FailedAttempts = [.. result.FailedAttempts.Select(attempt => attempt.ToString())],
        Hint = hint,
    };

    public void Render(IAnsiConsole console)
    {
        if (Error is not null)
        {
            console.Write(new Text(Error, new Style(Color.Red)));
            console.WriteLine();
            return;
        }

        var rows = new List<Text>();
        if (Book is { } book)
        {
            rows.Add(new Text(Headline(book), new Style(decoration: Decoration.Bold)));
            if (book.Description is { Length: > 0 } description)
                rows.Add(new Text(description));
            rows.Add(new Text(Origin($"version {Version} from "), new Style(Color.Grey)));
        }
        else
        {
            rows.Add(new Text("There is no such book.", new Style(Color.Yellow)));
            rows.Add(new Text(Origin("says "), new Style(Color.Grey)));
        }

        if (Flags.Count > 0)
            rows.Add(new Text($"flagged: {string.Join(", ", Flags)}", new Style(Color.Yellow)));
        rows.AddRange(FailedAttempts.Select(attempt => new Text($"failed attempt: {attempt}", new Style(Color.Yellow))));
        if (Hint is not null)
            rows.Add(new Text(Hint));
        if (console.Profile.Capabilities.Ansi)
        {
            var panel = new Panel(new Rows(rows)).Header(Markup.Escape(Key)).RoundedBorder();
            console.Write(panel.BorderColor(Found ? Color.Green : Color.Yellow));
            return;
        }

        console.WriteLine(Key);
        foreach (var row in rows)
            console.Write(new Padder(row, new Padding(2, 0, 0, 0)));
    }

    private static string Headline(Book book)
    {
        var parts = new[]
        {
            book.Author is { Length: > 0 } author ? $"by {author}" : null,
            book.Year is { } year ? Format.Year(year) : null,
            book.Genre,
            book.Isbn is { } isbn ? $"ISBN {isbn}" : null,
        };
        return string.Join(" · ", parts.Where(part => !string.IsNullOrEmpty(part)).Prepend(book.Title));
    }

    private string Origin(string before) =>
        $"{before}{Tier} · region {Region} · node {Node ?? "none"} · {Format.Duration(Elapsed)} · "
        + $"TTL {Format.Duration(TimeToLive)} left";
}
