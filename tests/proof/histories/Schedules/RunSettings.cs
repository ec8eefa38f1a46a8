using System.Globalization;

namespace OrleansCache.Proof.Schedules;

/// <summary>The seed of a run and the length of a long one. Environment variables set both, to repeat a run or to extend it.</summary>
public static class RunSettings
{
    private const string SeedVariable = "ORLEANSCACHE_HISTORY_SEED";
    private const string LengthVariable = "ORLEANSCACHE_HISTORY_SECONDS";

    /// <summary>The given seed, or a random one.</summary>
    public static ulong Seed() =>
        ulong.TryParse(Environment.GetEnvironmentVariable(SeedVariable), CultureInfo.InvariantCulture, out var seed)
            ? seed
            : (ulong)Random.Shared.NextInt64();

    /// <summary>The length of the runs of <c>./test --all</c>: the given one, or a minute.</summary>
    public static TimeSpan LongRun() =>
        TimeSpan.FromSeconds(
            int.TryParse(Environment.GetEnvironmentVariable(LengthVariable), CultureInfo.InvariantCulture, out var asked) ? asked : 60);
}
