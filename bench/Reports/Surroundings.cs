using System.Globalization;

namespace OrleansCache.Bench.Reports;

/// <summary>What figures depend on besides the code: the cores, and what else the machine is doing.</summary>
internal static class Surroundings
{
    private const string LoadFile = "/proc/loadavg";

    public static void Print() =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $".NET {Environment.Version}, {Environment.ProcessorCount} cores, load average {Load()}"));

    /// <summary>The load average of the last minute, where the system tells it.</summary>
    public static string Load() => File.Exists(LoadFile) ? File.ReadAllText(LoadFile).Split(' ')[0] : "not known";
}
