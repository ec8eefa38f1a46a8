namespace OrleansCache.Redis;

/// <summary>The connection string <c>memory:NAME</c>.</summary>
internal static class MemoryConnection
{
    private const string Prefix = "memory:";

    /// <summary>The server's name, or null when the connection string is of another kind.</summary>
    /// <exception cref="InvalidTopologyException">The name cannot be used.</exception>
    public static string? NameOf(string connection)
    {
        if (connection is null || !connection.StartsWith(Prefix, StringComparison.Ordinal))
            return null;
        var name = connection[Prefix.Length..];
        return name.Length is >= 1 and <= 64 && name.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.')
            ? name
            : throw new InvalidTopologyException("A memory: connection needs a name of 1 to 64 letters, digits, '-', '_' or '.'; give one such as memory:eu-1.");
    }
}
