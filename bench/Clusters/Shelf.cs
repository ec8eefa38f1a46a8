using System.Globalization;
using OrleansCache.Catalogs;

namespace OrleansCache.Bench.Clusters;

/// <summary>Numbered books, as long as a book with a description usually is.</summary>
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

    public static byte[] Payload(int number) => BookPayload.Encode(Book(number));

    /// <summary>Stores the books from 0 on.</summary>
    public static async Task FillAsync(ICatalog catalog, int books)
    {
        foreach (var numbers in Enumerable.Range(0, books).Chunk(BooksPerWrite))
            await catalog.StoreAsync([.. numbers.Select(number => new KeyedPayload(Key(number), Payload(number)))], CancellationToken.None);
    }

    /// <summary>Fills the SQLite catalog of a cluster of processes while its silos start.</summary>
    public static async Task FillAsync(CatalogOptions options, int books)
    {
        await using var catalog = new SqliteCatalog(options.ConnectionString);
        await catalog.InitializeAsync(CancellationToken.None);
        await FillAsync(catalog, books);
    }
}
