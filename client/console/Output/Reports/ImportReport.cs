using System.Globalization;
using OrleansCache.Client.Import;
using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>import</c>.</summary>
internal sealed record ImportReport : IReport
{
    /// <summary>How many bad rows are shown to people; the JSON document has all that the import kept.</summary>
    public const int MaxShown = 20;

    /// <summary>How many notes are shown to people.</summary>
    public const int MaxNotesShown = 5;

    private const string Utf8 = "utf-8";
    private const int LongestLine = 10_000;

    public required string File { get; init; }

    public long Rows { get; init; }

    public long Created { get; init; }

    public long Updated { get; init; }

    public long Unchanged { get; init; }

    public long Bad { get; init; }

    public double ElapsedMs { get; init; }

    public double RowsPerSecond => ElapsedMs > 0 ? Math.Round(1_000 * Rows / ElapsedMs) : 0;

    /// <summary>Whether nothing was written because a row is bad (--strict).</summary>
    public bool Refused { get; init; }

    /// <summary>The first bad rows, as many as the import kept.</summary>
    public IReadOnlyList<BadRow> BadRows { get; init; } = [];

    /// <summary>How many further bad rows were counted and not kept.</summary>
    public long BadRowsNotKept => Bad - BadRows.Count;

    /// <summary>The good rows in which something was mended or left out.</summary>
    public long Noted { get; init; }

    /// <summary>The first of those, as many as the import kept.</summary>
    public IReadOnlyList<Note> Notes { get; init; } = [];

    /// <summary>The columns of which nothing was used.</summary>
    public IReadOnlyList<string> UnusedColumns { get; init; } = [];

    /// <summary>The encoding in which the file was read.</summary>
    public string Encoding { get; init; } = Utf8;

    /// <summary>The separator of the file's fields.</summary>
    public string Separator { get; init; } = ",";

    public static ImportReport Of(string file, BookImport import, TimeSpan elapsed, bool refused) => new()
    {
        File = file,
        Rows = import.Rows,
        Created = import.Created,
        Updated = import.Updated,
        Unchanged = import.Unchanged,
        Bad = import.Bad,
        ElapsedMs = elapsed.TotalMilliseconds,
        Refused = refused,
        BadRows = [.. import.BadRows.Select(row => new BadRow(row.Line, row.Reason))],
        Noted = import.Noted,
        Notes = [.. import.Notes.Select(note => new Note(note.Line, note.Text))],
        UnusedColumns = import.UnusedColumns,
        Encoding = import.Encoding,
        Separator = import.Separator.ToString(),
    };

    public void Render(IAnsiConsole console)
    {
        var width = console.Profile.Width;
        // A row is told in one line where it may be read by a program.
        if (!console.Profile.Capabilities.Ansi)
            console.Profile.Width = LongestLine;
        try
        {
            RenderLines(console);
        }
        finally
        {
            console.Profile.Width = width;
        }
    }

    private void RenderLines(IAnsiConsole console)
    {
        if (Encoding != Utf8 || Separator != ",")
            console.WriteLine($"read as {Encoding}, separated by {SeparatorName}");
        if (UnusedColumns.Count > 0)
            console.WriteLine($"columns not used: {string.Join(", ", UnusedColumns)}; --map FIELD=COLUMN uses one");
        foreach (var note in Notes.Take(MaxNotesShown))
            console.WriteLine($"line {note.Line.ToString(CultureInfo.InvariantCulture)}: {note.Text}");
        if (Noted > MaxNotesShown)
            console.WriteLine($"and {Format.Of(Noted - MaxNotesShown, "more note")} on good rows; --json has the first {Notes.Count}");
        foreach (var row in BadRows.Take(MaxShown))
            console.WriteLine($"line {row.Line.ToString(CultureInfo.InvariantCulture)}: {row.Reason}");
        if (Bad > MaxShown)
        {
            var kept = BadRowsNotKept == 0 ? "all" : $"the first {Format.Count(BadRows.Count)}";
            console.WriteLine($"and {Format.Of(Bad - MaxShown, "more bad row")}; --json has {kept}");
        }

        if (Refused)
        {
            console.WriteLine($"{File}: {Format.Of(Bad, "bad row")} of {Format.Count(Rows)}; nothing was written (--strict)");
            return;
        }

        var elapsed = Format.Duration(TimeSpan.FromMilliseconds(ElapsedMs));
        console.WriteLine(
            $"{File}: {Format.Of(Rows, "row")} in {elapsed} ({Format.Count((long)RowsPerSecond)} rows/s): {Format.Count(Created)} created, "
            + $"{Format.Count(Updated)} updated, {Format.Count(Unchanged)} unchanged, {Format.Count(Bad)} bad");
    }

    private string SeparatorName => Separator switch
    {
        ";" => "semicolons",
        "\t" => "tabs",
        "," => "commas",
        _ => $"\"{Separator}\"",
    };

    /// <summary>What was mended or left out in a good row.</summary>
    internal sealed record Note(long Line, string Text);

    /// <summary>A row that could not be imported.</summary>
    internal sealed record BadRow(long Line, string Reason);
}
