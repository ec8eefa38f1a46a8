namespace OrleansCache.Client;

/// <summary>An attempt to look a book up that did not give an answer.</summary>
/// <param name="Region">The region that was to be asked.</param>
/// <param name="Rank">Which of its silos, in the book's own order of them, from 1; 0 for a way around the book's grains.</param>
/// <param name="Reason">Why there was no answer.</param>
/// <param name="Elapsed">How long it was tried.</param>
public sealed record FailedAttempt(string Region, int Rank, string Reason, TimeSpan Elapsed)
{
    /// <summary>The attempt in words, as in <c>europe: no answer within 300 ms</c>.</summary>
    public override string ToString() => Rank switch
    {
        0 => $"{Region} (any silo): {Reason}",
        1 => $"{Region}: {Reason}",
        _ => $"{Region} (another silo): {Reason}",
    };
}
