using System.Globalization;
using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>import</c>.</summary>
internal sealed record ImportReport : IReport
{
    /// <summary>How many bad rows are shown to people; the JSON document has all that the import kept.</summary>
    public const int MaxShown = 20;

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

    public void Render(IAnsiConsole console)
    {
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

    /// <summary>A row that could not be imported.</summary>
    internal sealed record BadRow(long Line, string Reason);
}
