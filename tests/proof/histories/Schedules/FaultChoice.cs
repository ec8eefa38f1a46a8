namespace OrleansCache.Proof.Schedules;

/// <summary>A fault that a schedule may choose.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Weight">Its relative frequency; 0 for never.</param>
/// <param name="Targets">The possible targets, by the harness's names.</param>
/// <param name="Shortest">The minimum duration, in whole milliseconds.</param>
/// <param name="Longest">The maximum duration, in whole milliseconds.</param>
public sealed record FaultChoice(Fault Fault, int Weight, IReadOnlyList<string> Targets, TimeSpan Shortest, TimeSpan Longest)
{
    /// <summary>A fault without duration.</summary>
    public FaultChoice(Fault fault, int weight, params IReadOnlyList<string> targets)
        : this(fault, weight, targets, TimeSpan.Zero, TimeSpan.Zero)
    {
    }
}
