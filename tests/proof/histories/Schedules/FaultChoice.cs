namespace OrleansCache.Proof.Schedules;

/// <summary>A fault that a schedule may choose.</summary>
/// <param name="Fault">The fault.</param>
/// <param name="Weight">How often it is chosen, beside the weights of the others; 0 for never.</param>
/// <param name="Targets">To whom it can be done; the names are the harness's own.</param>
/// <param name="Shortest">How long it lasts at least, in whole milliseconds.</param>
/// <param name="Longest">How long it lasts at most, in whole milliseconds.</param>
public sealed record FaultChoice(Fault Fault, int Weight, IReadOnlyList<string> Targets, TimeSpan Shortest, TimeSpan Longest)
{
    /// <summary>A fault that happens in a moment.</summary>
    public FaultChoice(Fault fault, int weight, params IReadOnlyList<string> targets)
        : this(fault, weight, targets, TimeSpan.Zero, TimeSpan.Zero)
    {
    }
}
