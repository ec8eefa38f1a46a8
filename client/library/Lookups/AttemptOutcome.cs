namespace OrleansCache.Client;

/// <summary>What an attempt came to: an answer, a failure that leads to the next attempt, an error that ends the lookup, or nothing yet.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Failed">The failure.</param>
/// <param name="Error">The error.</param>
/// <param name="IsWord">Whether the failure is the word of a grain, as that the catalog is unavailable, and not that none could be asked.</param>
/// <param name="IsSpared">Whether nobody was asked, because a circuit is open (<see cref="RegionCircuit"/>).</param>
/// <param name="Late">What it comes to later, when its budget has passed in silence.</param>
internal readonly record struct AttemptOutcome(LookupAnswer? Answer, FailedAttempt? Failed, Exception? Error = null, bool IsWord = false, bool IsSpared = false, Task<AttemptOutcome>? Late = null);
