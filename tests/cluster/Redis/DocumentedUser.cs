namespace OrleansCache.Tests.Redis;

/// <summary>The smallest user of a node, as the documentation gives it.</summary>
internal static class DocumentedUser
{
    public const string Name = "node";

    /// <summary>The command that makes it, word by word.</summary>
    public static string[] Command(string password) =>
        File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "redis.md"))
            .Single(line => line.StartsWith($"ACL SETUSER {Name} ", StringComparison.Ordinal))
            .Replace("SECRET", password, StringComparison.Ordinal)
            .Split(' ');
}
