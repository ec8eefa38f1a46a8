using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>Concurrent writes by several processes.</summary>
public abstract partial class BookCatalogContract
{
    [CatalogFact]
    public async Task Of_writers_that_expect_the_same_row_exactly_one_wins()
    {
        var catalogs = new[] { Catalog, Open(), Open() };
        var row = CachedRow.Never("book::a");
        for (var round = 0; round < 20; round++)
        {
            // Every third round removes the book; the others create or change it.
            var title = round % 3 == 2 ? null : $"{round}";
            var results = await RaceAsync(9, racer => catalogs[racer % 3].WriteAsync(
                [Write("book::a", title is null ? null : $"{title} {racer}", row.Identity)], null, CancellationToken.None));

            var winner = Assert.Single(results, result => result[0].Outcome is CatalogWriteOutcome.Written)[0];
            Assert.Equal(row.Identity.Version + 1, winner.Identity.Version);
            row = await ReadOneAsync("book::a");
            AssertSame(winner.Row, row);
            Assert.All(results, result => AssertSame(row, result[0].Row));
        }
    }

    [CatalogFact]
    public async Task A_write_that_races_with_its_own_repetitions_is_made_once()
    {
        var catalogs = new[] { Catalog, Open(), Open() };
        var identity = RowVersion.None;
        for (var round = 0; round < 20; round++)
        {
            var write = Write("book::a", round % 3 == 2 ? null : $"{round}", identity);
            var results = await RaceAsync(9, racer => catalogs[racer % 3].WriteAsync([write], null, CancellationToken.None));

            Assert.Single(results, result => result[0].Outcome is CatalogWriteOutcome.Written);
            Assert.Equal(8, results.Count(result => result[0].Outcome is CatalogWriteOutcome.MadeBefore));
            Assert.All(results, result => Assert.Equal(new(identity.Version + 1, write.Id), result[0].Identity));
            identity = (await ReadOneAsync("book::a")).Identity;
            Assert.Equal(round + 1, identity.Version);
        }
    }

    [CatalogFact]
    public async Task Batches_in_any_order_of_their_keys_never_lock_each_other_out()
    {
        string[] keys = ["book::a", "book::b", "book::c", "book::Z", "book::é", "book::日"];
        var catalogs = new[] { Catalog, Open(), Open() };

        var made = await RaceAsync(6, async racer =>
        {
            var random = new Random(racer);
            var written = 0;
            for (var round = 0; round < 30; round++)
            {
                var order = keys.ToArray();
                random.Shuffle(order);
                var catalog = catalogs[racer % 3];
                var seen = await catalog.ReadAsync(order, CancellationToken.None);
                // Each key twice, and an id that other writers use too.
                var writes = seen.Concat(seen.Reverse()).Select((row, i) => Write(row.Key, $"{racer} {round} {i}", row.Identity));
                var results = await catalog.WriteAsync(
                    [.. writes, Write(order[0], "shared", seen[0].Identity, SharedId(round))], null, CancellationToken.None);
                written += results.Count(result => result.Outcome is CatalogWriteOutcome.Written);
            }

            return written;
        });

        Assert.Equal(made.Sum(), (await ReadAsync(keys)).Sum(row => row.Identity.Version));

        static Guid SharedId(int round) => new(round + 1, 0, 0, new byte[8]);
    }

    [CatalogFact]
    public async Task A_write_that_waits_for_another_sees_its_result()
    {
        Task<CatalogWriteResult[]> writing;
        await using (await Database.HoldAsync("book::b"))
        {
            writing = WriteAsync(Write("book::a", "A"), Write("book::b", "B"));
            await Database.HasWaiterAsync();
            Assert.False(writing.IsCompleted);
        }

        Assert.All(await writing.WaitAsync(Patience), result => Assert.Equal(CatalogWriteOutcome.Written, result.Outcome));
    }

    [CatalogFact]
    public async Task A_write_that_is_cancelled_while_it_waits_writes_nothing_and_is_not_recorded()
    {
        var writes = new[] { Write("book::a", "A"), Write("book::b", "B") };
        await using (await Database.HoldAsync("book::b"))
        {
            using var giveUp = new CancellationTokenSource();
            var writing = Catalog.WriteAsync(writes, null, giveUp.Token);
            await Database.HasWaiterAsync();
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing.WaitAsync(Patience));
        }

        Assert.All(await ReadAsync("book::a", "book::b"), row => Assert.Equal(CachedRow.Never(row.Key), row));
        Assert.All(await WriteAsync(writes), result => Assert.Equal(CatalogWriteOutcome.Written, result.Outcome));
    }

    private static Task<T[]> RaceAsync<T>(int racers, Func<int, Task<T>> run) =>
        Task.WhenAll(Enumerable.Range(0, racers).Select(racer => Task.Run(() => run(racer)))).WaitAsync(Patience);
}
