using System.Globalization;

namespace OrleansCache.Bench.Reports;

/// <summary>What was measured, each with what is asked for beside it, as a table that a document can take over.</summary>
internal sealed class FigureTable
{
    private readonly List<(string What, string Asked, string Measured)> _rows = [];

    public void Add(string what, string asked, FormattableString measured) => _rows.Add((what, asked, measured.ToString(CultureInfo.InvariantCulture)));

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine("| what | asked for | measured |");
        Console.WriteLine("|---|---|---|");
        foreach (var (what, asked, measured) in _rows)
            Console.WriteLine($"| {what} | {asked} | {measured} |");
        Console.WriteLine();
    }
}
