using System.Text;
using OrleansCache.Catalog;


namespace OrleansCache.Tests.Catalog;

/// <summary>What the two contracts share: an empty database with a catalog on it, and the catalogs opened beside that.</summary>
public abstract class CatalogContract(TestDatabase database) : IAsyncLifetime
{
    /// <summary>Bounds the waits for what must happen; only a broken catalog takes so long.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<ICatalog> opened = [];

    protected TestDatabase Database { get; } = database;

    protected ICatalog Catalog { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Database.CreateAsync();
        Catalog = Open();
        await Catalog.InitializeAsync(CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        foreach (var catalog in opened)
            await catalog.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>Another catalog on the same database, as another process would have.</summary>
    protected ICatalog Open()
    {
        var catalog = Database.Open();
        opened.Add(catalog);
        return catalog;
    }

    protected static BookWrite Book(string key, string title = "A title") => new(key, BookPayload.Encode(new Book(title)));

    protected static string TitleOf(BookCopy? copy) => BookPayload.Decode(Assert.IsType<BookCopy>(copy).Payload).Title;

    protected static string Text(byte[] payload) => Encoding.UTF8.GetString(payload);

    protected Task<StoreOutcome[]> StoreAsync(params BookWrite[] books) => Catalog.StoreAsync(books, CancellationToken.None);

    protected Task<BookCopy?[]> ReadAsync(params string[] keys) => Catalog.ReadAsync(keys, CancellationToken.None);
}
