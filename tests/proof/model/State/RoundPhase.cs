namespace OrleansCache.Model.State;

/// <summary>The phase of the book's edit round. Edits of a book run one at a time.</summary>
internal enum RoundPhase : byte
{
    Free,

    /// <summary>
    /// Holders are being revoked; what follows depends on <see cref="Owner.RoundEdit"/> and <see cref="Owner.Settles"/>.
    /// </summary>
    Revoking,

    /// <summary>The commit is in flight to the catalog.</summary>
    Committing,

    /// <summary>The catalog has committed, but the owner has not received the response.</summary>
    Committed,

    /// <summary>The owner has abandoned the commit, which may still be made, and is raising its epoch.</summary>
    Indeterminate,
}
