namespace OrleansCache.Client;

/// <summary>What an attempt came to: an answer, a failure that leads to the next attempt, or an error that ends the lookup.</summary>
internal readonly record struct AttemptOutcome(LookupAnswer? Answer, FailedAttempt? Failed, Exception? Error = null);
