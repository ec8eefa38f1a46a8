namespace OrleansCache.Proof.Histories;

/// <summary>One call of a client: when it began and ended, and its outcome. If it took effect, it did so between the two.</summary>
/// <param name="Client">The client. Monotonic reads are promised per client.</param>
/// <param name="Book">The book's key.</param>
/// <param name="Kind">What was called.</param>
/// <param name="Start">When it began, on the machine's monotonic clock.</param>
/// <param name="End">When it ended for the caller, on the same clock.</param>
/// <param name="Outcome">The outcome.</param>
public sealed record Call(string Client, string Book, CallKind Kind, TimeSpan Start, TimeSpan End, Outcome Outcome)
{
    /// <summary>The edit's id, which is also the content that a put writes. Calls with the same id are attempts of one edit.</summary>
    public string? Edit { get; init; }

    /// <summary>The version that the edit expects, 0 if the book must not exist; null if any version will do.</summary>
    public long? Expected { get; init; }

    /// <summary>Whether it removes the book.</summary>
    public bool IsRemoval => Kind is CallKind.Remove or CallKind.SqlRemove;

    /// <summary>Whether it goes directly to the database.</summary>
    public bool IsSql => Kind is CallKind.SqlPut or CallKind.SqlRemove;

    /// <summary>The row in the answer, if it contains one.</summary>
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
