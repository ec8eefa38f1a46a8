namespace OrleansCache.Client;

/// <summary>What lookups must have in common to share one.</summary>
internal readonly record struct FlightKey(string Book, string? Region, bool RequireCoherent, long AtLeast);
