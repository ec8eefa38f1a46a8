using System.Globalization;

namespace OrleansCache.Tests.Faults.Churn;

/// <summary>
/// A random schedule of joins, leaves and crashes, determined by a seed. The variable ORLEANSCACHE_SEED sets the seed, to repeat a schedule
/// that found a defect.
/// </summary>
internal sealed class ChurnSchedule
{
    private const string Variable = "ORLEANSCACHE_SEED";

    private readonly Random _random;

    private ChurnSchedule(int seed) => (Seed, _random) = (seed, new(seed));

    /// <summary>What a member of the cluster may do.</summary>
    public enum Step
    {
        /// <summary>Join, for the first time or again.</summary>
        Join,

        /// <summary>Stop gracefully.</summary>
        Leave,

        /// <summary>Be killed.</summary>
        Crash,
    }

    public int Seed { get; }

    /// <summary>A schedule for silos and one for clients, which run at the same time.</summary>
    public static (ChurnSchedule Silos, ChurnSchedule Clients) NewPair()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var seed))
            seed = Random.Shared.Next();
        return (new(seed), new(~seed));
    }

    /// <summary>Picks a member and its next action.</summary>
    /// <param name="there">The members that are in the cluster.</param>
    /// <param name="away">The members that are not.</param>
    /// <param name="least">The number of members that must stay.</param>
    /// <param name="crashPercent">The percentage of crashes among those that leave or crash.</param>
    public (string Who, Step What) Next(IReadOnlyList<string> there, IReadOnlyList<string> away, int least, int crashPercent)
    {
        var goes = there.Count > least && (away.Count == 0 || _random.Next(2) == 0);
        if (!goes)
            return (away[_random.Next(away.Count)], Step.Join);
        return (there[_random.Next(there.Count)], _random.Next(100) < crashPercent ? Step.Crash : Step.Leave);
    }

    /// <summary>A random duration.</summary>
    public TimeSpan Pause(int mostMilliseconds) => TimeSpan.FromMilliseconds(_random.Next(mostMilliseconds));
}
