using Microsoft.Extensions.Options;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Owners;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;

namespace OrleansCache.Tests.Leases;

public sealed class CatalogReaderTests : IAsyncLifetime
{
    private readonly TemporaryCatalog _file = new();
    private readonly IOptions<CacheOptions> _options = Options.Create(new CacheOptions());
    private readonly ManualClock _clock = new();
    private readonly SiloCounters _counters = new();
    private readonly CatalogProbe _catalog;
    private readonly CatalogReader _reader;

    public CatalogReaderTests()
    {
        _catalog = new(new SqliteCatalog(_file.Path));
        _reader = new(_catalog, _options, _clock, _counters);
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
        _clock.Advance(TimeSpan.FromMilliseconds(200));
        held.Dispose();

        Assert.Equal(TimeSpan.FromMilliseconds(200), (await read).Age(_clock));
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
    public async Task A_read_waits_a_quarter_of_a_second_for_a_query_that_hangs_whose_own_reads_are_repeated_after_half()
    {
        using var hung = _catalog.Hang(reads: 1);
        var first = _reader.ReadAsync("one");
        await TimerIsSetAsync(Milliseconds(250));
        var second = _reader.ReadAsync("two");

        _clock.Advance(Milliseconds(249));
        Assert.Equal(1, _reader.Waiting);
        _clock.Advance(Milliseconds(1));
        Assert.Equal("two", (await second).Row.Key);
        Assert.False(first.IsCompleted);

        await TimerIsSetAsync(Milliseconds(250));
        _clock.Advance(Milliseconds(250));
        var row = await first;
        Assert.True(row.Row.Exists);
        Assert.Equal(TimeSpan.Zero, row.Age(_clock));
        Assert.Equal(3, _catalog.Queries);
        Assert.False(_reader.HasFailed);
    }

    [Fact]
    public async Task At_most_three_queries_hang_at_a_time_and_then_are_given_up_with_their_reads()
    {
        var began = _clock.Now;
        using (_catalog.Hang(reads: int.MaxValue))
        {
            var reads = Enumerable.Range(0, 5_000).Select(i => _reader.ReadAsync($"{i}")).ToArray();
            await _clock.AdvanceUntilAsync(() => _catalog.Queries == 3, "three queries hang");
            Assert.InRange(_clock.Now - began, 500, 899);
            await _clock.AdvanceUntilAsync(() => _catalog.Queries > 3, "one was given up");
            Assert.True(_clock.Now - began >= 900, $"{_clock.Now - began}");
            await _clock.AdvanceUntilAsync(() => reads.All(read => read.IsCompleted), "all reads have failed");
            foreach (var read in reads)
                await Assert.ThrowsAsync<CatalogUnavailableException>(() => read);
            Assert.True(_reader.HasFailed);
            // All of them still hang.
            Assert.Equal(_catalog.Queries, _catalog.Waiting);
        }

        Assert.True((await _reader.ReadAsync("one")).Row.Exists);
        Assert.False(_reader.HasFailed);
    }

    [Fact]
    public async Task Reads_go_on_while_queries_hang_that_were_given_up()
    {
        using var hung = _catalog.Hang(reads: 3);
        var failed = _reader.ReadAsync("one");
        await _clock.AdvanceUntilAsync(() => failed.IsCompleted, "the read was repeated, and both queries were given up");
        var second = _reader.ReadAsync("two");
        await _clock.AdvanceUntilAsync(() => second.IsCompleted, "the third query hangs, and the fourth answers");

        await Assert.ThrowsAsync<CatalogUnavailableException>(() => failed);
        Assert.True((await second).Row.Exists);
        Assert.Equal(3, _catalog.Waiting);
    }

    [Fact]
    public async Task Reads_of_edits_and_of_lookups_do_not_wait_for_each_other()
    {
        using var held = _catalog.Hold();
        var edit = _reader.ReadForEditsAsync(["one", "two"], CancellationToken.None);
        var lookup = _reader.ReadAsync("two");

        await Eventually.IsTrueAsync(() => _catalog.Waiting == 2, "both query the catalog");
        held.Dispose();

        Assert.Equal(["one", "two"], (await edit).Select(row => row.Key));
        Assert.True((await lookup).Row.Exists);
    }

    [Fact]
    public async Task A_read_of_an_owner_is_shared_until_it_is_repeated()
    {
        var slot = new SlotReads(_reader, new RecentRows(_clock, _options), _clock);
        using var hung = _catalog.Hang(reads: int.MaxValue);
        var first = slot.ReadAsync("one", fresh: false, CancellationToken.None);
        _clock.Advance(Milliseconds(499));
        var sharing = slot.ReadAsync("one", fresh: false, CancellationToken.None);
        _clock.Advance(Milliseconds(1));
        var second = slot.ReadAsync("one", fresh: false, CancellationToken.None);
        hung.Dispose();

        await _clock.AdvanceUntilAsync(() => first.IsCompleted && sharing.IsCompleted && second.IsCompleted, "all are answered");
        Assert.False((await first).IsShared);
        Assert.True((await sharing).IsShared);
        Assert.False((await second).IsShared);
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

    private static TimeSpan Milliseconds(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    /// <summary>Waits until the query has set its next timer.</summary>
    private Task TimerIsSetAsync(TimeSpan time)
    {
        var provider = (ManualTimeProvider)_clock.TimeProvider;
        return Eventually.IsTrueAsync(() => provider.NextDue == provider.Elapsed + time, "the timer is set");
    }
}
