using OrleansCache.Catalogs;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Catalogs;

[NeedsPostgres, Collection(PostgresServer.Collection)]
public sealed class PostgresSlotEpochTests(PostgresServer server) : SlotEpochContract(new PostgresTestDatabase(server))
{
    private PostgresTestDatabase Server => (PostgresTestDatabase)Database;

    [CatalogFact]
    public async Task Who_raises_an_epoch_waits_for_the_writes_under_the_former_one_and_none_comes_after()
    {
        await RaiseAsync(7);
        Task<CatalogWriteResult[]> writing;
        Task<long[]> raising;
        Task<CatalogWriteResult[]> late;
        await using (await Server.HoldAsync("book::b"))
        {
            writing = WriteAsync(1, Write("book::a", "A"), Write("book::b", "B"));
            await WaitersAsync(1);
            raising = RaiseAsync(7);
            await WaitersAsync(2);
            Assert.False(raising.IsCompleted);
        }

        Assert.All(await writing.WaitAsync(Patience), result => Assert.Equal(CatalogWriteOutcome.Written, result.Outcome));
        Assert.Equal((long[])[2], await raising.WaitAsync(Patience));
        late = WriteAsync(1, Write("book::c", "C"));
        await Assert.ThrowsAsync<StaleEpochException>(() => late.WaitAsync(Patience));
        Assert.Equal(CachedRow.Never("book::c"), await ReadOneAsync("book::c"));
    }

    [CatalogFact]
    public async Task A_write_that_waits_for_an_epoch_that_is_being_raised_is_refused()
    {
        await RaiseAsync(7);
        await using var raise = await Server.OpenConnectionAsync();
        await SqlTestDatabase.RunAsync(raise, "BEGIN; UPDATE slots SET epoch = epoch + 1 WHERE slot = 7");
        var writing = WriteAsync(1, Write("book::a", "A"));
        await WaitersAsync(1);

        await SqlTestDatabase.RunAsync(raise, "COMMIT");

        await Assert.ThrowsAsync<StaleEpochException>(() => writing.WaitAsync(Patience));
        Assert.Equal(CachedRow.Never("book::a"), await ReadOneAsync("book::a"));
    }

    [CatalogFact]
    public async Task Writes_under_one_epoch_do_not_wait_for_each_other()
    {
        await RaiseAsync(7);
        Task<CatalogWriteResult[]> held;
        await using (await Server.HoldAsync("book::a"))
        {
            held = WriteAsync(1, Write("book::a", "A"));
            await WaitersAsync(1);
            var others = await Task.WhenAll(Enumerable.Range(0, 4).Select(number => WriteAsync(1, Write($"book::{number}", "A"))))
                .WaitAsync(Patience);
            Assert.All(others, results => Assert.Equal(CatalogWriteOutcome.Written, results[0].Outcome));
            Assert.False(held.IsCompleted);
        }

        await held.WaitAsync(Patience);
    }

    /// <summary>Waits until so many connections wait for a lock.</summary>
    private Task WaitersAsync(long count) => Eventually.IsTrueAsync(
        async () => await Server.ScalarAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") is long waiting
            && waiting >= count,
        $"{count} connections wait for a lock");
}
