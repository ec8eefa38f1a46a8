namespace Orleans.Concurrency;

/// <summary>Calls of this method run between the turns of other requests, and those between its own.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class AlwaysInterleaveAttribute : Attribute;
