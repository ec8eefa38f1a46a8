using System.Text;

namespace OrleansCache.Proof.Schedules;

/// <summary>The faults of a run with their times: determined by a seed alone, and the same on every machine.</summary>
public sealed class Schedule
{
    private Schedule(ulong seed, IReadOnlyList<ScheduledFault> faults) => (Seed, Faults) = (seed, faults);

    public ulong Seed { get; }

    /// <summary>The faults, in time order.</summary>
    public IReadOnlyList<ScheduledFault> Faults { get; }

    /// <summary>Generates a schedule.</summary>
    /// <param name="seed">Determines every choice.</param>
    /// <param name="length">The length of the run; every fault begins, and ends, before.</param>
    /// <param name="shortestGap">The minimum time between faults, in whole milliseconds.</param>
    /// <param name="longestGap">The maximum time between faults, in whole milliseconds.</param>
    /// <param name="choices">The faults to choose from.</param>
    public static Schedule From(
        ulong seed, TimeSpan length, TimeSpan shortestGap, TimeSpan longestGap, params IReadOnlyList<FaultChoice> choices)
    {
        ArgumentNullException.ThrowIfNull(choices);
        ArgumentOutOfRangeException.ThrowIfLessThan(shortestGap, TimeSpan.FromMilliseconds(1));
        ArgumentOutOfRangeException.ThrowIfLessThan(longestGap, shortestGap);
        var possible = choices.Where(choice => choice.Weight > 0 && choice.Targets.Count > 0).ToList();
        var weights = possible.Sum(choice => choice.Weight);
        var random = new SplitMix64(seed);
        List<ScheduledFault> faults = [];
        if (weights > 0)
        {
            for (var at = random.Between(shortestGap, longestGap); at < length; at += random.Between(shortestGap, longestGap))
            {
                var choice = Weighed(possible, random.Below(weights));
                var target = random.Of(choice.Targets);
                var duration = random.Between(choice.Shortest, choice.Longest);
                faults.Add(new ScheduledFault(at, choice.Fault, target, duration < length - at ? duration : length - at));
            }
        }

        return new Schedule(seed, faults);
    }

    /// <summary>
    /// Generates a schedule in which each fault happens once, in an order determined by the seed, and then all again while there is time.
    /// </summary>
    /// <param name="seed">Determines the order.</param>
    /// <param name="length">The length of the run; every fault begins at least one gap before its end.</param>
    /// <param name="gap">The time between faults; the first one happens within the first half of a gap.</param>
    /// <param name="faults">The faults with their targets and durations.</param>
    public static Schedule InTurn(
        ulong seed, TimeSpan length, TimeSpan gap, IReadOnlyList<(Fault Fault, string Target, TimeSpan Duration)> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        ArgumentOutOfRangeException.ThrowIfZero(faults.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(gap, TimeSpan.FromMilliseconds(2));
        var random = new SplitMix64(seed);
        List<ScheduledFault> made = [];
        List<(Fault Fault, string Target, TimeSpan Duration)> left = [];
        for (var at = random.Between(TimeSpan.FromMilliseconds(1), gap / 2); at <= length - gap; at += gap)
        {
            if (left.Count == 0)
                left.AddRange(faults);
            var next = random.Below(left.Count);
            var (fault, target, duration) = left[next];
            left.RemoveAt(next);
            made.Add(new ScheduledFault(at, fault, target, duration));
        }

        return new Schedule(seed, made);
    }

    /// <summary>The seed and the faults, one line each.</summary>
    public override string ToString()
    {
        var text = new StringBuilder($"seed {Seed}");
        foreach (var fault in Faults)
            text.Append('\n').Append(fault);
        return text.ToString();
    }

    private static FaultChoice Weighed(List<FaultChoice> choices, int point)
    {
        foreach (var choice in choices)
        {
            if (point < choice.Weight)
                return choice;
            point -= choice.Weight;
        }

        throw new InvalidOperationException("The point lies beyond the weights.");
    }
}
