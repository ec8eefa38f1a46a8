namespace OrleansCache.Tests.Catalogs;

/// <summary>Marks a class of tests that need a PostgreSQL server.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsPostgresAttribute : Attribute;
