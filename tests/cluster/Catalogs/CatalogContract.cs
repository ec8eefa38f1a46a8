using System.Text;
using OrleansCache.Catalogs;


namespace OrleansCache.Tests.Catalogs;

/// <summary>The common part of both contracts: an empty database with a catalog, and further catalogs on it.</summary>
public abstract class CatalogContract(TestDatabase database) : IAsyncLifetime
{
    /// <summary>The limit of waits; only a broken catalog reaches it.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

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
            await CloseAsync(catalog);
        await Database.DisposeAsync();
    }

    /// <summary>Another catalog on the same database, as in another process.</summary>
    protected ICatalog Open()
    {
        var catalog = Database.Open();
        opened.Add(catalog);
        return catalog;
    }

    protected static KeyedPayload Book(string key, string title = "A title") => new(key, BookPayload.Encode(new Book(title)));

    protected static CatalogWrite Write(string key, string? title, RowVersion expected = default, Guid? id = null) =>
        new(id ?? Guid.NewGuid(), key, title is null ? null : BookPayload.Encode(new Book(title)), expected);

    protected static string TitleOf(CachedRow row) => BookPayload.Decode(row.Payload).Title;

    protected static async ValueTask CloseAsync(ICatalog catalog)
    {
        if (catalog is IAsyncDisposable open)
            await open.DisposeAsync();
    }

    protected static string? Text(byte[]? payload) => payload is null ? null : Encoding.UTF8.GetString(payload);

    protected Task<EditOutcome[]> StoreAsync(params KeyedPayload[] books) => Catalog.StoreAsync(books, CancellationToken.None);

    protected Task<CachedRow[]> ReadAsync(params string[] keys) => Catalog.ReadAsync(keys, CancellationToken.None);

    protected async Task<CachedRow> ReadOneAsync(string key) => Assert.Single(await ReadAsync(key));

    protected Task<CatalogWriteResult[]> WriteAsync(params CatalogWrite[] writes) =>
        Catalog.WriteAsync(writes, null, CancellationToken.None);

    protected async Task<CatalogWriteResult> WriteOneAsync(CatalogWrite write) => Assert.Single(await WriteAsync(write));
}
