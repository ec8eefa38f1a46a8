namespace OrleansCache.Entries;

/// <summary>What came of revoking books.</summary>
/// <param name="Tokens">For each book in order what is to be said of its revocation.</param>
/// <param name="DownstreamGrants">The grants to those below that have not ended.</param>
public sealed record RevocationResult(RevocationToken[] Tokens, IReadOnlyList<Grant> DownstreamGrants);
