namespace OrleansCache.Proof.Schedules;

/// <summary>A fault at a time of a run.</summary>
/// <param name="At">The time since the start of the run.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Target">Its target.</param>
/// <param name="Duration">The duration; zero for a fault without one.</param>
public sealed record ScheduledFault(TimeSpan At, Fault Fault, string Target, TimeSpan Duration)
{
    /// <inheritdoc/>
    public override string ToString() =>
        FormattableString.Invariant($"{At.TotalSeconds:0.000} {Fault} {Target}")
        + (Duration == TimeSpan.Zero ? "" : FormattableString.Invariant($" for {Duration.TotalSeconds:0.000}"));
}
