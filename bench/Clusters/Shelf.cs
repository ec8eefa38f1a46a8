using System.Globalization;
using OrleansCache.Catalogs;

namespace OrleansCache.Bench.Clusters;

/// <summary>The books that are looked up: numbered, and as long as is usual for a book with a description.</summary>
internal static class Shelf
{
    public const int PayloadBytes = 600;

    private const int BooksPerWrite = 1_000;

    public static string Key(int number) => string.Create(CultureInfo.InvariantCulture, $"book::{number}");

    public static Book Book(int number)
    {
        var title = string.Create(CultureInfo.InvariantCulture, $"Edition {number}");
        var bare = BookPayload.Encode(new Book(title, "Nobody", 1984, Description: "x")).Length;
        return new(title, "Nobody", 1984, Description: new string('x', PayloadBytes - bare + 1));
    }

    public static async Task FillAsync(ICatalog catalog, int books)
    {
        foreach (var numbers in Enumerable.Range(0, books).Chunk(BooksPerWrite))
            await catalog.StoreAsync([.. numbers.Select(number => new KeyedPayload(Key(number), BookPayload.Encode(Book(number))))], CancellationToken.None);
    }
}
