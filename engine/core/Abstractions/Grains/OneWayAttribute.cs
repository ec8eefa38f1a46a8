namespace Orleans.Concurrency;

/// <summary>Calls of this method are not answered: the caller's task completes when the call is on its way, whatever becomes of it.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OneWayAttribute : Attribute;
