namespace OrleansCache.Tests.Faults.Load;

/// <summary>What became of a lookup.</summary>
/// <param name="Started">When it was to start, in milliseconds of the run.</param>
/// <param name="Late">Milliseconds from then until its turn came. The load waits for no lookup, so it is late only when this process stood still.</param>
/// <param name="Latency">Milliseconds from its turn to its end.</param>
/// <param name="Region">The reader's region.</param>
/// <param name="AnsweredBy">The region that answered, or null when nobody did.</param>
/// <param name="Attempts">How many attempts failed before.</param>
/// <param name="Flags">What the answer gave up.</param>
/// <param name="Error">What was wrong, or null.</param>
internal sealed record Sample(double Started, double Late, double Latency, string Region, string? AnsweredBy, int Attempts, LookupFlags Flags, string? Error)
{
    public bool Failed => Error is not null;

    /// <summary>Whether the reader's own region answered.</summary>
    public bool ByItself => !Failed && AnsweredBy == Region;
}
