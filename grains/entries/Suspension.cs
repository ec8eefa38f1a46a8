namespace OrleansCache.Entries;

/// <summary>What came of suspending books.</summary>
/// <param name="Tokens">For each book in order what is to be said of its revocation.</param>
/// <param name="Below">The grants to those below that have not ended.</param>
public sealed record Suspension(RevocationToken[] Tokens, IReadOnlyList<Grant> Below);
