namespace OrleansCache.Redis;

/// <summary>The rules for names of nodes.</summary>
public static class NodeName
{
    /// <summary>The most characters a name may have.</summary>
    public const int MaxLength = 64;

    /// <summary>Whether a text may be a node's name: lower case letters, digits and hyphens.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: >= 1 and <= MaxLength } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
