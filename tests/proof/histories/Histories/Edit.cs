namespace OrleansCache.Proof.Histories;

/// <summary>
/// One edit of a book: all the calls with its id. It takes effect at most once, between its first start and its first acknowledgement.
/// </summary>
internal sealed class Edit
{
    public Edit(IEnumerable<Call> attempts)
    {
        Attempts = [.. attempts.OrderBy(call => call.Start)];
        Acked = Attempts.Where(call => call.Outcome is Outcome.Acked).MinBy(call => call.End);
        // The expected version never comes back, and an edit made earlier would have been answered with its first result.
        IsRefused = Expected > 0 && Attempts.Any(call => call.Outcome is Outcome.Conflict);
        MayBeMade = !IsRefused && (Acked is not null || Attempts.Any(call => call.Outcome is Outcome.Unknown));
    }

    public IReadOnlyList<Call> Attempts { get; }

    public Call First => Attempts[0];

    /// <summary>The first acknowledgement; null if the outcome is unknown or the edit was certainly not made.</summary>
    public Call? Acked { get; }

    /// <summary>Whether an attempt was refused because the book is not as expected, and never will be again.</summary>
    public bool IsRefused { get; }

    /// <summary>Whether it was made or may have been made.</summary>
    public bool MayBeMade { get; }

    public string Id => First.Edit!;

    public TimeSpan Start => First.Start;

    public bool IsRemoval => First.IsRemoval;

    public bool IsSql => First.IsSql;

    public long? Expected => First.Expected;

    /// <summary>The row that it wrote, if known.</summary>
    public Row? Row { get; set; }

    /// <summary>The book's content after the edit.</summary>
    public string? Content => IsRemoval ? null : Id;
}
