namespace OrleansCache;

/// <summary>A region as configured.</summary>
/// <param name="Name">Lower case letters, digits and hyphens; 1 to 32 characters.</param>
/// <param name="Fallback">The regions to use when this one is unavailable, in order; the others follow in the configured order.</param>
public sealed record RegionDefinition(string Name, params IReadOnlyList<string> Fallback);
