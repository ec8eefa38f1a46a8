namespace OrleansCache.Bench.Calls;

/// <summary>The book that everybody asks for.</summary>
internal static class BenchBook
{
    public const string Region = "europe";
    public const string Key = "book::bench";
    public const int PayloadBytes = 600;

    public static string GrainKey { get; } = new BookGrainKey(Region, 1, Key).ToString();

    /// <summary>Its bytes, as long as is usual for a book with a description.</summary>
    public static byte[] Payload()
    {
        var bare = BookPayload.Encode(new Book("The Bench", "Nobody", 1984, Description: "x"));
        return BookPayload.Encode(new Book("The Bench", "Nobody", 1984, Description: new string('x', PayloadBytes - bare.Length + 1)));
    }
}
