namespace OrleansCache.Redis;

/// <summary>A node as an operator defines it.</summary>
/// <param name="Name">Its name, unique in the region; see <see cref="NodeName"/>.</param>
/// <param name="Connection">A StackExchange.Redis connection string, or <c>memory:NAME</c>. It may hold a password: never log it.</param>
/// <param name="Weight">Its weight on the ring.</param>
[GenerateSerializer, Immutable, Alias("OrleansCache.NodeDefinition")]
public sealed record NodeDefinition(
    [property: Id(0)] string Name,
    [property: Id(1)] string Connection,
    [property: Id(2)] int Weight = HashRing.DefaultWeight);

/// <summary>The rules for names of nodes.</summary>
internal static class NodeName
{
    public const int MaxLength = 64;

    /// <summary>Whether a text is a valid name: 1 to 64 lower case letters, digits and hyphens.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: >= 1 and <= MaxLength } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
