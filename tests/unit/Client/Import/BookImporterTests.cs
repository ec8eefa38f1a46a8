using System.Globalization;
using System.Text;
using OrleansCache.Catalogs;
using OrleansCache.Client.Import;
using Xunit;

namespace OrleansCache.Tests.Client.Import;

public sealed class BookImporterTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("import-");
    private readonly SqliteCatalog catalog;
    private readonly List<int> batches = [];

    public BookImporterTests() => catalog = new SqliteCatalog(Path.Combine(folder.FullName, "catalog.db"));

    public Task InitializeAsync() => catalog.InitializeAsync(CancellationToken.None);

    public async Task DisposeAsync()
    {
        await catalog.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_messy_file_is_imported_without_its_invalid_rows()
    {
        var import = await ImportAsync(Messy(1_000), new());

        // Of every hundred rows one has no ISBN, one no title and one a year that is none.
        Assert.Equal((970, 0, 0, 30), (import.Created, import.Updated, import.Unchanged, import.Bad));
        Assert.Equal(1_000, import.Rows);
        var bad = Enumerable.Range(0, 10).SelectMany(hundred => new[] { 9L, 19, 29 }.Select(line => (100 * hundred) + line));
        Assert.Equal(bad, import.BadRows.Select(row => row.Line));
        Assert.Equal(970, (await catalog.ListKeysAsync(null, 2_000, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Importing_twice_changes_nothing_the_second_time()
    {
        var csv = Messy(500);
        await ImportAsync(csv, new());
        var before = await catalog.ReadAsync(await catalog.ListKeysAsync(null, 1_000, CancellationToken.None), CancellationToken.None);

        var again = await ImportAsync(csv, new());

        Assert.Equal((0, 0, 485, 15), (again.Created, again.Updated, again.Unchanged, again.Bad));
        var after = await catalog.ReadAsync(await catalog.ListKeysAsync(null, 1_000, CancellationToken.None), CancellationToken.None);
        Assert.Equal(before.Select(copy => copy!.Identity), after.Select(copy => copy!.Identity));
    }

    [Fact]
    public async Task A_changed_row_is_updated()
    {
        await ImportAsync("key,title\na,A\nb,B\n", new());

        var import = await ImportAsync("key,title\na,A\nb,Changed\nc,C\n", new());

        Assert.Equal((1, 1, 1, 0), (import.Created, import.Updated, import.Unchanged, import.Bad));
    }

    [Fact]
    public async Task A_strict_import_stores_nothing_when_one_row_is_bad()
    {
        var import = await ImportAsync("key,title\na,A\nb,\nc,C\n", new() { Strict = true, BatchSize = 1 });

        Assert.Equal((0, 0, 0, 1), (import.Created, import.Updated, import.Unchanged, import.Bad));
        Assert.Equal(3, Assert.Single(import.BadRows).Line);
        Assert.Empty(batches);
        Assert.Empty(await catalog.ListKeysAsync(null, 1, CancellationToken.None));
    }

    [Fact]
    public async Task A_strict_import_of_a_good_file_stores_it()
    {
        var import = await ImportAsync("key,title\na,A\nb,B\n", new() { Strict = true });

        Assert.Equal((2, 0, 0, 0), (import.Created, import.Updated, import.Unchanged, import.Bad));
    }

    [Fact]
    public async Task Books_are_stored_in_batches_and_progress_is_reported()
    {
        var told = new List<long>();

        var rows = string.Concat(Enumerable.Range(0, 25).Select(number => $"{number},T\n"));
        await ImportAsync($"key,title\n{rows}", new() { BatchSize = 10 }, new Listener(told));

        Assert.Equal([10, 10, 5], batches);
        Assert.Equal([10L, 20, 25], told);
    }

    [Fact]
    public async Task Only_the_first_bad_rows_are_kept_and_all_are_counted()
    {
        var import = await ImportAsync("key,title\n" + string.Concat(Enumerable.Repeat("a,\n", BookImport.MaxBadRows + 5)), new());

        Assert.Equal(BookImport.MaxBadRows + 5, import.Bad);
        Assert.Equal(BookImport.MaxBadRows, import.BadRows.Length);
    }

    [Fact]
    public async Task A_catalog_that_fails_ends_the_import_and_repeating_it_is_safe()
    {
        var csv = "key,title\na,A\nb,B\nc,C\n";
        var failing = new BookImporter((books, cancellation) => books[0].Key == "book::c"
            ? throw new CatalogUnavailableException("gone")
            : catalog.StoreAsync(books, cancellation));
        await Assert.ThrowsAsync<CatalogUnavailableException>(() => failing.RunAsync(() => Stream(csv), new() { BatchSize = 2 }));

        var import = await ImportAsync(csv, new());

        Assert.Equal((1, 0, 2, 0), (import.Created, import.Updated, import.Unchanged, import.Bad));
    }

    private Task<BookImport> ImportAsync(string csv, ImportOptions options, IProgress<long>? progress = null) =>
        new BookImporter((books, cancellation) =>
        {
            batches.Add(books.Count);
            return catalog.StoreAsync(books, cancellation);
        }).RunAsync(() => Stream(csv), options, progress);

    private static MemoryStream Stream(string csv) => new(Encoding.UTF8.GetBytes(csv));

    // Like goodbooks-10k: years are floats, authors are separated by commas, titles hold commas, quotes and all scripts.
    private static string Messy(int rows)
    {
        var csv = new StringBuilder("book_id,isbn,isbn13,authors,original_publication_year,original_title,title,language_code\n");
        for (var row = 0; row < rows; row++)
        {
            var isbn = row % 100 == 7 ? "" : (439_000_000 + row).ToString(CultureInfo.InvariantCulture);
            var title = row % 100 == 17 ? "" : row % 3 == 0 ? $"\"Říše \"\"snů\"\", {row}\"" : $"本 {row}";
            var year = row % 100 == 27 ? "unknown" : row % 5 == 0 ? "" : $"{row - 500}.0";
            csv.Append(CultureInfo.InvariantCulture, $"{row},{isbn},9.78043902348e+12,\"Ann Other, Émile Zola\",{year},,{title},eng\n");
        }

        return csv.ToString();
    }

    private sealed class Listener(List<long> told) : IProgress<long>
    {
        public void Report(long value) => told.Add(value);
    }
}
