using OrleansCache.Catalogs;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Catalogs;

/// <summary>Storing books over the catalog's rows, under concurrent writes and failures.</summary>
public sealed class CatalogBulkStoreTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly TemporaryCatalog _file = new();
    private readonly CatalogProbe _catalog;

    public CatalogBulkStoreTests() => _catalog = new(new SqliteCatalog(_file.Path));

    public Task InitializeAsync() => _catalog.InitializeAsync(CancellationToken.None);

    public async Task DisposeAsync()
    {
        await _catalog.DisposeAsync();
        _file.Dispose();
    }

    [Fact]
    public async Task Concurrent_writes_are_overwritten_unless_they_wrote_the_same()
    {
        KeyedPayload[] books = [CacheCluster.Write("one", "Ours"), CacheCluster.Write("two", "Ours"), CacheCluster.Write("three", "Ours")];
        var held = _catalog.HoldReadAnswer();
        var storing = _catalog.StoreAsync(books, CancellationToken.None);
        await Eventually.IsTrueAsync(() => _catalog.Waiting == 1, "the rows have been read");
        await _catalog.StoreAsync([CacheCluster.Write("one", "Theirs"), CacheCluster.Write("two", "Ours")], CancellationToken.None);
        held.Dispose();

        Assert.Equal([EditOutcome.Updated, EditOutcome.Unchanged, EditOutcome.Created], await storing.WaitAsync(Patience));

        var rows = await _catalog.ReadAsync(["one", "two", "three"], CancellationToken.None);
        Assert.Equal([2, 1, 1], rows.Select(row => row.Identity.Version));
        Assert.All(rows, row => Assert.Equal("Ours", BookPayload.Decode(row.Payload).Title));
    }

    [Fact]
    public async Task A_removed_book_is_created_again()
    {
        await _catalog.StoreAsync([CacheCluster.Write("one", "First")], CancellationToken.None);
        var row = Assert.Single(await _catalog.ReadAsync(["one"], CancellationToken.None));
        await _catalog.WriteAsync([new(Guid.NewGuid(), "one", null, row.Identity)], null, CancellationToken.None);

        Assert.Equal([EditOutcome.Created], await _catalog.StoreAsync([CacheCluster.Write("one", "First")], CancellationToken.None));

        Assert.Equal(3, Assert.Single(await _catalog.ReadAsync(["one"], CancellationToken.None)).Identity.Version);
    }

    [Fact]
    public async Task When_only_a_part_was_stored_the_error_does_not_say_that_nothing_was()
    {
        var books = Enumerable.Range(0, 2_500).Select(number => CacheCluster.Write($"{number}", "A book")).ToArray();
        var held = _catalog.HoldWriteAnswers();
        var storing = _catalog.StoreAsync(books, CancellationToken.None);
        await Eventually.IsTrueAsync(() => _catalog.Waiting == 1, "the first thousand is stored");
        using (_catalog.Refuse("the disk is full"))
        {
            held.Dispose();
            var error = await Assert.ThrowsAsync<OutcomeUnknownException>(() => storing.WaitAsync(Patience));
            Assert.All(["2,500", "safe", "the disk is full"], part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        }

        var outcomes = await _catalog.StoreAsync(books, CancellationToken.None);
        Assert.Equal(1_000, outcomes.Count(outcome => outcome is EditOutcome.Unchanged));
        Assert.Equal(1_500, outcomes.Count(outcome => outcome is EditOutcome.Created));
    }
}
