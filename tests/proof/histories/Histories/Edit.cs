namespace OrleansCache.Proof.Histories;

/// <summary>
/// One edit of a book: all the calls with its id. It is made at most once, at any time from its first start to its first acknowledgement.
/// </summary>
internal sealed class Edit
{
    public Edit(IEnumerable<Call> attempts)
    {
        Attempts = [.. attempts.OrderBy(call => call.Start)];
        Acked = Attempts.Where(call => call.Outcome is Outcome.Acked).MinBy(call => call.End);
        // The expected version never comes again, and an edit made before would have been answered with its first result.
        IsRefused = Expected > 0 && Attempts.Any(call => call.Outcome is Outcome.Conflict);
        MayBeMade = !IsRefused && (Acked is not null || Attempts.Any(call => call.Outcome is Outcome.Unknown));
    }

    public IReadOnlyList<Call> Attempts { get; }

    public Call First => Attempts[0];

    /// <summary>The first acknowledgement; null when the outcome is not known, or when the edit was surely not made.</summary>
    public Call? Acked { get; }

    /// <summary>Whether an attempt was told that the book is not as expected, and will never be.</summary>
    public bool IsRefused { get; }

    /// <summary>Whether it was made or may have been.</summary>
    public bool MayBeMade { get; }

    public string Id => First.Edit!;

    public TimeSpan Start => First.Start;

    public bool IsRemoval => First.IsRemoval;

    public bool IsSql => First.IsSql;

    public long? Expected => First.Expected;

    /// <summary>The row that it wrote, once one is known; where that cannot be told exactly, the first one that it may be.</summary>
    public Row? Row { get; set; }

    /// <summary>The first row that surely holds its content.</summary>
    public Row? SurelyBy { get; set; }

    /// <summary>What the book holds once the edit is made.</summary>
    public string? Content => IsRemoval ? null : Id;
}
