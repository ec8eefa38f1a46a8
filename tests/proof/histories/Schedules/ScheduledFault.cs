namespace OrleansCache.Proof.Schedules;

/// <summary>Something that happens at a moment of a run.</summary>
/// <param name="At">When, from the run's beginning.</param>
/// <param name="Fault">What.</param>
/// <param name="Target">To whom.</param>
/// <param name="Duration">For how long; zero for a fault that is over at once.</param>
public sealed record ScheduledFault(TimeSpan At, Fault Fault, string Target, TimeSpan Duration)
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{At.TotalSeconds:0.000} {Fault} {Target}{(Duration == TimeSpan.Zero ? "" : FormattableString.Invariant($" for {Duration.TotalSeconds:0.000}"))}");
}
