using System.Globalization;

namespace OrleansCache.Tests.Faults.Churn;

/// <summary>
/// A random course of comings and goings, the same for the same seed. The seed is taken from the variable ORLEANSCACHE_SEED, so that a
/// course that found something can be run again.
/// </summary>
internal sealed class ChurnSchedule
{
    private const string Variable = "ORLEANSCACHE_SEED";

    private readonly Random _random;

    private ChurnSchedule(int seed) => (Seed, _random) = (seed, new(seed));

    /// <summary>What a member of the cluster may do.</summary>
    public enum Step
    {
        /// <summary>Come, or come back.</summary>
        Join,

        /// <summary>Leave in order.</summary>
        Leave,

        /// <summary>Be killed.</summary>
        Crash,
    }

    public int Seed { get; }

    /// <summary>A course for silos, and one for clients: they go on at the same time, and each is the same for the same seed.</summary>
    public static (ChurnSchedule Silos, ChurnSchedule Clients) NewPair()
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), CultureInfo.InvariantCulture, out var seed))
            seed = Random.Shared.Next();
        return (new(seed), new(~seed));
    }

    /// <summary>Who is to act next, and how: somebody who is there leaves or crashes, somebody who is not joins.</summary>
    /// <param name="there">Those who are in the cluster.</param>
    /// <param name="away">Those who are not.</param>
    /// <param name="least">How many must stay.</param>
    /// <param name="crashPercent">How many of a hundred goings are crashes.</param>
    public (string Who, Step What) Next(IReadOnlyList<string> there, IReadOnlyList<string> away, int least, int crashPercent)
    {
        var goes = there.Count > least && (away.Count == 0 || _random.Next(2) == 0);
        if (!goes)
            return (away[_random.Next(away.Count)], Step.Join);
        return (there[_random.Next(there.Count)], _random.Next(100) < crashPercent ? Step.Crash : Step.Leave);
    }

    /// <summary>A span of time at random.</summary>
    public TimeSpan Pause(int mostMilliseconds) => TimeSpan.FromMilliseconds(_random.Next(mostMilliseconds));
}
