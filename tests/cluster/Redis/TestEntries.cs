using OrleansCache.Redis;

namespace OrleansCache.Tests.Redis;

/// <summary>Whose entries those of these tests are.</summary>
internal static class TestEntries
{
    public static EntryScope Scope { get; } = new("tests", "eu", "");

    public static string Prefix { get; } = Scope.KeyPrefix(new NodeOptions().KeyPrefix);

    public static Envelope Envelope { get; } = new(Scope);
}
