using Npgsql;
using OrleansCache.Catalogs;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Catalogs;

/// <summary>What a catalog does when its primary is lost and a standby takes its place.</summary>
[NeedsPostgres]
public sealed class PostgresFailoverTests
{
    private const string Key = "failover::book";

    private static readonly int[] Slots = [0];

    [CatalogFact]
    public async Task With_a_synchronous_standby_nothing_is_lost_and_the_feed_begins_anew()
    {
        await using var servers = await PostgresPair.StartAsync(isSynchronous: true);
        await using var catalog = servers.Open();
        await catalog.InitializeAsync(CancellationToken.None);
        var epoch = (await catalog.RaiseEpochsAsync(Slots, CancellationToken.None))[0];
        var position = (await ChangesAsync(catalog, null)).Position;
        var written = await WriteAsync(catalog, "First");
        await servers.KillPrimaryAsync();
        await Assert.ThrowsAsync<CatalogUnavailableException>(() => catalog.ReadAsync([Key], CancellationToken.None));

        await servers.PromoteAsync();

        Assert.Equal(written, (await ReadAsync(catalog)).Identity);
        var changes = await ChangesAsync(catalog, position);
        Assert.Equal((false, epoch), (changes.IsComplete, changes.Epochs[0]));
        var next = await WriteAsync(catalog, "Second", written);
        var later = await ChangesAsync(catalog, changes.Position);
        Assert.True(later.IsComplete);
        Assert.Equal(next, Assert.Single(later.Rows).Identity);
    }

    [CatalogFact]
    public async Task What_an_asynchronous_standby_has_lost_is_noticed_by_the_feed()
    {
        await using var servers = await PostgresPair.StartAsync(isSynchronous: false);
        await using var catalog = servers.Open();
        await catalog.InitializeAsync(CancellationToken.None);
        var first = await WriteAsync(catalog, "First");
        await StandbyHasAsync(servers);
        await servers.StopStandbyAsync();
        var lost = await WriteAsync(catalog, "Lost", first);
        var position = (await ChangesAsync(catalog, null)).Position;

        await servers.KillPrimaryAsync();
        await servers.StartStandbyAsync();
        await servers.PromoteAsync();

        Assert.Equal(first, (await ReadAsync(catalog)).Identity);
        Assert.False((await ChangesAsync(catalog, position)).IsComplete);
        // Who has seen the lost edit cannot take this one for it, nor overwrite this one as if it were that.
        var other = await WriteAsync(catalog, "Other", first);
        Assert.Equal(lost.Version, other.Version);
        Assert.NotEqual(lost.Tag, other.Tag);
        var late = new CatalogWrite(Guid.NewGuid(), Key, BookPayload.Encode(new Book("Late")), lost);
        Assert.Equal(
            CatalogWriteOutcome.Mismatch, (await catalog.WriteAsync([late], null, CancellationToken.None))[0].Outcome);
    }

    [CatalogFact]
    public async Task What_no_synchronous_standby_has_confirmed_is_not_acknowledged_however_the_wait_ends()
    {
        await using var servers = await PostgresPair.StartAsync(isSynchronous: true);
        await using var catalog = servers.Open("Command Timeout=1;Options=-c client_min_messages=error");
        await catalog.InitializeAsync(CancellationToken.None);
        var first = await WriteAsync(catalog, "First");
        CatalogWrite[] writes = [new(Guid.NewGuid(), Key, BookPayload.Encode(new Book("Second")), first)];
        await servers.StopStandbyAsync();

        // The driver cancels both; the server then ends its wait, has committed, and reports that as a success with a warning.
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => catalog.WriteAsync(writes, null, CancellationToken.None));
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => catalog.RaiseEpochsAsync(Slots, limit.Token));
        // A repetition finds the write, and waits for the standby nevertheless.
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => catalog.WriteAsync(writes, null, CancellationToken.None));

        await servers.StartStandbyAsync();
        var made = (await UntilAsync(() => catalog.WriteAsync(writes, null, CancellationToken.None)))[0];
        Assert.Equal((CatalogWriteOutcome.MadeBefore, first.Version + 1), (made.Outcome, made.Identity.Version));
    }

    /// <summary>
    /// Connections of before are broken, and a standby that has taken the place of the primary may be found after a while only. All calls
    /// may be repeated.
    /// </summary>
    private static async Task<T> UntilAsync<T>(Func<Task<T>> call)
    {
        T? result = default;
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    result = await call();
                    return true;
                }
                catch (Exception error) when (error is CatalogUnavailableException or OutcomeUnknownException)
                {
                    return false;
                }
            },
            "the new primary answers");
        return result!;
    }

    private static async Task<CachedRow> ReadAsync(ICatalogStore catalog) =>
        (await UntilAsync(() => catalog.ReadAsync([Key], CancellationToken.None)))[0];

    private static Task<CatalogChanges> ChangesAsync(ICatalogStore catalog, FeedPosition? since) =>
        UntilAsync(() => catalog.ReadChangesAsync(since, Slots, 10, CancellationToken.None));

    private static async Task StandbyHasAsync(PostgresPair servers)
    {
        await using var standby = new NpgsqlConnection(servers.ConnectionString + ";Target Session Attributes=standby");
        await standby.OpenAsync();
        await using var tables = new NpgsqlCommand("SELECT count(to_regclass('books'))", standby);
        await Eventually.IsTrueAsync(async () => await tables.ExecuteScalarAsync() is 1L, "the standby has the table");
        await using var rows = new NpgsqlCommand("SELECT count(*) FROM books", standby);
        await Eventually.IsTrueAsync(async () => await rows.ExecuteScalarAsync() is 1L, "the standby has the row");
    }

    private static async Task<RowVersion> WriteAsync(ICatalogStore catalog, string title, RowVersion? expected = null)
    {
        var write = new CatalogWrite(Guid.NewGuid(), Key, BookPayload.Encode(new Book(title)), expected ?? RowVersion.None);
        var result = (await UntilAsync(() => catalog.WriteAsync([write], null, CancellationToken.None)))[0];
        Assert.NotEqual(CatalogWriteOutcome.Mismatch, result.Outcome);
        return result.Identity;
    }
}
