namespace OrleansCache.Redis;

/// <summary>A node as an operator gives it.</summary>
/// <param name="Name">Its name, unique in the region: lower case letters, digits, hyphens; 1 to 64 characters.</param>
/// <param name="Connection">A StackExchange.Redis connection string, or <c>memory:NAME</c>. It may hold a password: never log it.</param>
/// <param name="Weight">Its weight on the ring.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.NodeDefinition")]
public sealed record NodeDefinition(
    [property: Id(0)] string Name,
    [property: Id(1)] string Connection,
    [property: Id(2)] int Weight = HashRing.UsualWeight);
