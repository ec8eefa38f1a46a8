using System.Globalization;

namespace OrleansCache.Bench.Reports;

/// <summary>Measured figures with their limits, printed as a Markdown table.</summary>
internal sealed class FigureTable
{
    private readonly List<(string What, string Limit, string Measured)> _rows = [];

    public void Add(string what, string limit, FormattableString measured) =>
        _rows.Add((what, limit, measured.ToString(CultureInfo.InvariantCulture)));

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine("| what | limit | measured |");
        Console.WriteLine("|---|---|---|");
        foreach (var (what, limit, measured) in _rows)
            Console.WriteLine($"| {what} | {limit} | {measured} |");
        Console.WriteLine();
    }
}

/// <summary>A sorted sample.</summary>
internal sealed class Sorted(IEnumerable<double> values)
{
    private readonly double[] _values = [.. values.Order()];

    public int Count => _values.Length;

    public double Least => _values[0];

    public double Most => _values[^1];

    public double Median => At(0.5);

    /// <summary>A quantile.</summary>
    /// <param name="part">From 0 to 1.</param>
    public double At(double part) => _values[Math.Min((int)(_values.Length * part), _values.Length - 1)];
}

/// <summary>The conditions of a measurement: runtime, cores, and the load of the machine.</summary>
internal static class Surroundings
{
    private const string LoadFile = "/proc/loadavg";

    public static void Print() =>
        Say($"{DateTime.UtcNow:yyyy-MM-dd}, .NET {Environment.Version}, {Environment.ProcessorCount} cores, load average {Load()}");

    /// <summary>The load average of the last minute, if the system has one.</summary>
    public static string Load() => File.Exists(LoadFile) ? File.ReadAllText(LoadFile).Split(' ')[0] : "unknown";

    /// <summary>Prints a line in the invariant culture.</summary>
    public static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
