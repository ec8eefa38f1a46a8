namespace OrleansCache.Proof.Histories;

/// <summary>One call of a client: when it began and ended, and what came of it. It took effect somewhere between, if at all.</summary>
/// <param name="Client">Who called. A client's calls are held to monotonic reads.</param>
/// <param name="Book">The book's key.</param>
/// <param name="Kind">What was asked for.</param>
/// <param name="Start">When it began, on the machine's monotonic clock.</param>
/// <param name="End">When it ended for the caller, on the same clock.</param>
/// <param name="Outcome">What came of it.</param>
public sealed record Call(string Client, string Book, CallKind Kind, TimeSpan Start, TimeSpan End, Outcome Outcome)
{
    /// <summary>
    /// The edit's id, which is also the content that a put gives the book. Calls with the same id are one edit, repeated.
    /// </summary>
    public string? Edit { get; init; }

    /// <summary>The version that the author of an edit expects, 0 when there must be no such book; null when it does not matter.</summary>
    public long? Expected { get; init; }

    /// <summary>Whether it takes the book away.</summary>
    public bool IsRemoval => Kind is CallKind.Remove or CallKind.SqlRemove;

    /// <summary>Whether it goes past the cache, straight to the database.</summary>
    public bool IsSql => Kind is CallKind.SqlPut or CallKind.SqlRemove;

    /// <summary>The row that the call was answered with, where it tells one.</summary>
    public Identity? Identity => Outcome switch
    {
        Outcome.Saw saw => saw.Identity,
        Outcome.Acked acked => acked.Identity,
        Outcome.Unchanged unchanged => unchanged.Identity,
        Outcome.Conflict conflict => conflict.Identity,
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => CallText.Write(this);
}
