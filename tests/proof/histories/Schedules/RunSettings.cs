using System.Globalization;

namespace OrleansCache.Proof.Schedules;

/// <summary>What a run is made from: its seed, and how long it lasts. Both can be given from outside, to run one again or to look longer.</summary>
public static class RunSettings
{
    private const string SeedVariable = "ORLEANSCACHE_HISTORY_SEED";
    private const string LengthVariable = "ORLEANSCACHE_HISTORY_SECONDS";

    /// <summary>The seed that is given, else a new one.</summary>
    public static ulong Seed() =>
        ulong.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var seed) ? seed : (ulong)Random.Shared.NextInt64();

    /// <summary>The length that is given, else this one.</summary>
    public static TimeSpan Length(int seconds) =>
        TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable(LengthVariable), CultureInfo.InvariantCulture, out var asked) ? asked : seconds);
}
