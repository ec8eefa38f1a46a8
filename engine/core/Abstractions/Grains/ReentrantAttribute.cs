namespace Orleans.Concurrency;

/// <summary>All requests of grains of this class may run between each other's turns.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReentrantAttribute : Attribute;
