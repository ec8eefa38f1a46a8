namespace OrleansCache.Tests.Faults.Load;

/// <summary>The result of a lookup.</summary>
/// <param name="Started">When it was due, in milliseconds of the run.</param>
/// <param name="Late">Milliseconds from then until it started: more than a few only if this process got no processor time.</param>
/// <param name="Latency">Milliseconds from its start to its end.</param>
/// <param name="Region">The reader's region.</param>
/// <param name="AnsweredBy">The region that answered, or null if the lookup failed.</param>
/// <param name="Attempts">The number of failed attempts before.</param>
/// <param name="Flags">The answer's flags.</param>
/// <param name="Error">The failure, or why the answer was wrong; null if it was right.</param>
internal sealed record Sample(
    double Started,
    double Late,
    double Latency,
    string Region,
    string? AnsweredBy,
    int Attempts,
    LookupFlags Flags,
    string? Error)
{
    public bool Failed => Error is not null;

    /// <summary>Whether the reader's own region answered.</summary>
    public bool ByItself => !Failed && AnsweredBy == Region;
}
