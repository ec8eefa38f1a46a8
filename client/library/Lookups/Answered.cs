namespace OrleansCache.Client;

/// <summary>What a lookup came to.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Failed">The attempts that were made in vain.</param>
internal readonly record struct Answered(LookupAnswer Answer, IReadOnlyList<FailedAttempt> Failed);
