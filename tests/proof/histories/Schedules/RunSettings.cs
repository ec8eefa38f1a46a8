using System.Globalization;

namespace OrleansCache.Proof.Schedules;

/// <summary>The seed of a run and the length of a long one. Environment variables give both, to repeat a run or to run longer.</summary>
public static class RunSettings
{
    private const string SeedVariable = "ORLEANSCACHE_HISTORY_SEED";
    private const string LengthVariable = "ORLEANSCACHE_HISTORY_SECONDS";

    /// <summary>The seed that is given, else a new one.</summary>
    public static ulong Seed() =>
        ulong.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var seed)
            ? seed
            : (ulong)Random.Shared.NextInt64();

    /// <summary>The length of the runs of <c>./test --all</c>: the one that is given, else a minute.</summary>
    public static TimeSpan LongRun() =>
        TimeSpan.FromSeconds(
            int.TryParse(Environment.GetEnvironmentVariable(LengthVariable), CultureInfo.InvariantCulture, out var asked) ? asked : 60);
}
