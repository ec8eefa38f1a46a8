namespace OrleansCache.Client;

/// <summary>What was noted before a book was asked for, and the answer is judged by.</summary>
/// <param name="Key">The book.</param>
/// <param name="Seen">The latest version that had been seen.</param>
/// <param name="Revocations">How often it had been revoked.</param>
/// <param name="At">The moment on the near cache's clock, in milliseconds, from which a lease counts.</param>
internal readonly record struct Question(string Key, long Seen, long Revocations, long At);
