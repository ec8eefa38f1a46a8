using OrleansCache.Catalogs;
using OrleansCache.Diagnostics;
using OrleansCache.Owners;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Leases;

public sealed class CatalogReaderTests : IAsyncLifetime
{
    private readonly TemporaryCatalog _file = new();
    private readonly ManualClock _clock = new();
    private readonly SiloCounters _counters = new();
    private readonly CatalogProbe _catalog;
    private readonly CatalogReader _reader;

    public CatalogReaderTests()
    {
        _catalog = new(new SqliteCatalog(_file.Path));
        _reader = new(_catalog, _clock, _counters);
    }

    public async Task InitializeAsync()
    {
        await _catalog.InitializeAsync(CancellationToken.None);
        // Without the probe, which counts reads.
        await using var file = new SqliteCatalog(_file.Path);
        await file.StoreAsync([CacheCluster.Write("one", "One"), CacheCluster.Write("two", "Two")], CancellationToken.None);
    }

    public async Task DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _catalog.DisposeAsync();
        _file.Dispose();
    }

    [Fact]
    public async Task Each_caller_gets_the_row_of_its_key_or_none()
    {
        string[] keys = ["two", "none", "one", "two"];
        var rows = await Task.WhenAll(keys.Select(key => _reader.ReadAsync(key)));

        Assert.Equal(keys, rows.Select(row => row.Row.Key));
        Assert.Equal([true, false, true, true], rows.Select(row => row.Row.Exists));
    }

    [Fact]
    public async Task Reads_that_arrive_during_a_query_share_the_next_one()
    {
        var held = _catalog.Hold();
        var first = _reader.ReadAsync("one");
        await Eventually.IsTrueAsync(() => _catalog.Waiting == 1, "the first query is under way");
        var others = Enumerable.Range(0, 1_000).Select(i => _reader.ReadAsync($"{i}")).ToArray();
        held.Dispose();
        await Task.WhenAll([first, .. others]);

        Assert.Equal(2, _catalog.Queries);
        Assert.Equal((1_001, 2), (_counters.CatalogRows, _counters.CatalogQueries));
    }

    [Fact]
    public async Task A_query_has_at_most_a_thousand_keys()
    {
        var held = _catalog.Hold();
        var first = _reader.ReadAsync("one");
        await Eventually.IsTrueAsync(() => _catalog.Waiting == 1, "the first query is under way");
        var others = Enumerable.Range(0, 2_500).Select(i => _reader.ReadAsync($"{i}")).ToArray();
        held.Dispose();
        await Task.WhenAll([first, .. others]);

        Assert.Equal(1 + 3, _catalog.Queries);
    }

    [Fact]
    public async Task A_row_is_as_old_as_the_start_of_its_query()
    {
        var held = _catalog.Hold();
        var read = _reader.ReadAsync("one");
        await Eventually.IsTrueAsync(() => _catalog.Waiting == 1, "the query is under way");
        _clock.Advance(TimeSpan.FromSeconds(3));
        held.Dispose();

        Assert.Equal(TimeSpan.FromSeconds(3), (await read).Age(_clock));
    }

    [Fact]
    public async Task A_failure_reaches_all_callers_of_the_query_and_the_next_query_is_tried()
    {
        using (_catalog.Refuse("the cable is out"))
        {
            var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() => _reader.ReadAsync("one"));
            Assert.Contains("the cable is out", error.Message, StringComparison.Ordinal);
        }

        Assert.True((await _reader.ReadAsync("one")).Row.Exists);
    }

    [Fact]
    public async Task When_too_many_reads_wait_another_one_is_refused_at_once()
    {
        var held = _catalog.Hold();
        var first = _reader.ReadAsync("one");
        await Eventually.IsTrueAsync(() => _catalog.Waiting == 1, "the first query is under way");
        var waiting = Enumerable.Range(0, 65_536).Select(i => _reader.ReadAsync($"{i}")).ToArray();

        var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() => _reader.ReadAsync("too many"));
        Assert.Contains("65,536", error.Message, StringComparison.Ordinal);
        held.Dispose();
        await Task.WhenAll([first, .. waiting]);
        Assert.True((await _reader.ReadAsync("two")).Row.Exists);
    }

    [Fact]
    public async Task Disposal_fails_the_waiting_reads()
    {
        using var held = _catalog.Hold();
        var reads = Enumerable.Range(0, 10).Select(i => _reader.ReadAsync($"{i}")).ToArray();
        await Eventually.IsTrueAsync(() => _catalog.Waiting == 1, "the query is under way");

        await _reader.DisposeAsync();

        foreach (var read in reads)
            await Assert.ThrowsAsync<CatalogUnavailableException>(() => read);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => _reader.ReadAsync("one"));
    }
}
