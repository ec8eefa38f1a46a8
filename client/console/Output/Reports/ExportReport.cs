using Spectre.Console;

namespace OrleansCache.Cli.Output.Reports;

/// <summary>The answer to <c>export</c>.</summary>
internal sealed record ExportReport : IReport
{
    public required string File { get; init; }

    public long Books { get; init; }

    public long Bytes { get; init; }

    public double ElapsedMs { get; init; }

    /// <summary>The first keys whose values in the catalog are no books.</summary>
    public IReadOnlyList<string> Unreadable { get; init; } = [];

    /// <summary>How many there are.</summary>
    public long UnreadableCount { get; init; }

    public void Render(IAnsiConsole console)
    {
        foreach (var key in Unreadable)
            console.WriteLine($"{key}: what the catalog has of it is no book; it was left out");
        if (UnreadableCount > Unreadable.Count)
            console.WriteLine($"and {Format.Of(UnreadableCount - Unreadable.Count, "more such key")}");
        console.WriteLine(
            $"{File}: {Format.Of(Books, "book")}, {Format.Bytes(Bytes)} in {Format.Duration(TimeSpan.FromMilliseconds(ElapsedMs))}");
    }
}
