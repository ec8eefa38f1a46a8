using System.Diagnostics;
using Npgsql;
using OrleansCache.Catalogs;
using OrleansCache.Entries;
using OrleansCache.Owners;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;
using Xunit.Abstractions;

namespace OrleansCache.Tests.Catalogs;

/// <summary>What hangs, queues or is locked in a PostgreSQL database keeps nothing else of a silo waiting.</summary>
[NeedsPostgres, Collection(PostgresServer.Collection)]
public sealed class PostgresLanesTests(PostgresServer server, ITestOutputHelper output) : IAsyncLifetime
{
    private readonly PostgresTestDatabase database = new(server);
    private CacheCluster _cluster = null!;

    public async Task InitializeAsync()
    {
        await database.CreateAsync();
        _cluster = await CacheCluster.StartAsync(new()
        {
            Regions = ["europe"],
            Silos = ["europe.1"],
            Redis = false,
            Settings = new Dictionary<string, string>
            {
                ["StartPatience"] = "00:00:10",
                ["Catalog:Provider"] = CatalogOptions.Postgres,
                ["Catalog:ConnectionString"] = database.ConnectionString + ";Application Name=lanes",
            },
        });
        await database.RunAsync(
            """INSERT INTO books (key, payload) SELECT 'cold' || n, '{"title":"A book"}' FROM generate_series(0, 999) AS n""");
    }

    public async Task DisposeAsync()
    {
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        await database.DisposeAsync();
    }

    [CatalogFact]
    public async Task A_backend_of_the_reader_that_hangs_delays_cold_lookups_by_less_than_a_second_and_flags_none()
    {
        await LookUpAsync("cold0");
        var pids = await BackendsAsync("lanes reads");
        Assert.NotEmpty(pids);
        await SignalAsync("-STOP", pids);
        try
        {
            // More than one second's worth: the first ones meet the backend, later ones run into what it has left behind.
            var lookups = new List<Task<TimeSpan>>();
            for (var i = 1; i < 400; i++)
            {
                lookups.Add(LookUpAsync($"cold{i}"));
                await Task.Delay(10);
            }

            var times = (await Task.WhenAll(lookups)).Order().ToArray();
            output.WriteLine($"p99 {times[395].TotalMilliseconds:0} ms, max {times[^1].TotalMilliseconds:0} ms");
            // It did hang, and for half of the budget.
            Assert.InRange(times[^1].TotalMilliseconds, 400, double.MaxValue);
            Assert.InRange(times[395].TotalMilliseconds, 0, 1_000);
        }
        finally
        {
            await SignalAsync("-CONT", pids);
        }
    }

    [CatalogFact]
    public async Task Edits_that_take_long_keep_no_cold_lookup_waiting()
    {
        await database.RunAsync(
            """
            CREATE FUNCTION sleep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.05); RETURN NULL; END $$;
            CREATE TRIGGER sleep AFTER INSERT OR UPDATE ON books FOR EACH ROW WHEN (NEW.key LIKE 'slow%') EXECUTE FUNCTION sleep()
            """);
        var edits = Enumerable.Range(0, 300).Select(i => _cluster.StoreAsync($"slow{i}", "Slow")).ToArray();
        var times = new List<TimeSpan>();
        for (var i = 1; !edits.All(edit => edit.IsCompleted) && i < 1_000; i++)
            times.Add(await LookUpAsync($"cold{i}"));

        Assert.All(await Task.WhenAll(edits), outcome => Assert.Equal(EditOutcome.Created, outcome));
        Assert.True(times.Count > 20, $"{times.Count} lookups during the edits");
        output.WriteLine($"{times.Count} cold lookups, p99 {times.Order().ElementAt(times.Count * 99 / 100).TotalMilliseconds:0} ms");
        Assert.InRange((await BackendsAsync("lanes writes")).Length, 1, 6);
        Assert.InRange((await BackendsAsync("lanes%")).Length, 1, 16);
    }

    [CatalogFact]
    public async Task A_row_that_an_open_transaction_has_locked_fails_its_edit_soon_and_nothing_else()
    {
        await _cluster.StoreAsync("locked", "Before");
        var holder = await HoldRowAsync("locked");
        using var ended = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 3).Select(_ => ReadAsync("locked", ended.Token)).ToArray();
        for (var i = 0; i < 3; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var error = await Assert.ThrowsAsync<CatalogUnavailableException>(() => _cluster.StoreAsync("locked", "After"));
            output.WriteLine($"failed after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.FromMilliseconds(400), TimeSpan.FromSeconds(2));
            Assert.Contains("\"locked\" is locked by another transaction", error.Message, StringComparison.Ordinal);
            Assert.Equal(EditOutcome.Created, await _cluster.StoreAsync($"other{i}", "Another book"));
        }

        await ended.CancelAsync();
        var answers = (await Task.WhenAll(readers)).SelectMany(read => read).ToArray();
        Assert.All(answers, answer => Assert.Equal(("Before", LookupFlags.None), (CacheCluster.TitleOf(answer), answer.Flags)));
        Assert.NotEmpty(answers);

        await holder.DisposeAsync();
        Assert.Equal(EditOutcome.Updated, await _cluster.StoreAsync("locked", "After"));
        Assert.Equal("After", CacheCluster.TitleOf(await _cluster.LookupAsync("europe", "locked")));
    }

    [CatalogFact]
    public async Task Of_an_import_only_the_batch_with_the_locked_row_fails_as_a_whole()
    {
        var keys = CacheCluster.KeysOfOneSlot("import", 20);
        await _cluster.StoreAsync(keys[7], "Before");
        await using (await HoldRowAsync(keys[7]))
        {
            var owner = _cluster.OwnerOf(keys[0]);
            await Assert.ThrowsAsync<CatalogUnavailableException>(
                () => owner.StoreAsync([.. keys[..10].Select(key => CacheCluster.Write(key, "New"))], CancellationToken.None));
            var others = await owner.StoreAsync([.. keys[10..].Select(key => CacheCluster.Write(key, "New"))], CancellationToken.None);
            Assert.All(others, outcome => Assert.Equal(EditOutcome.Created, outcome));
            Assert.False((await _cluster.LookupAsync("europe", keys[0])).Row.Exists);
        }
    }

    private async Task<IAsyncDisposable> HoldRowAsync(string key)
    {
        var holder = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await holder.OpenAsync();
        await using var update = new NpgsqlCommand($"BEGIN; UPDATE books SET payload = payload WHERE key = '{key}'", holder);
        await update.ExecuteNonQueryAsync();
        return holder;
    }

    private async Task<TimeSpan> LookUpAsync(string key)
    {
        var began = Stopwatch.GetTimestamp();
        var answer = await _cluster.LookupAsync("europe", key);
        Assert.Equal((true, LookupFlags.None), (answer.Row.Exists, answer.Flags));
        return Stopwatch.GetElapsedTime(began);
    }

    private async Task<List<LookupAnswer>> ReadAsync(string key, CancellationToken ended)
    {
        var answers = new List<LookupAnswer>();
        while (!ended.IsCancellationRequested)
        {
            answers.Add(await _cluster.LookupAsync("europe", key));
            await Task.Delay(5, CancellationToken.None);
        }

        return answers;
    }

    private async Task<int[]> BackendsAsync(string application) => (int[])(await database.ScalarAsync(
        $"SELECT coalesce(array_agg(pid), '{{}}') FROM pg_stat_activity WHERE application_name LIKE '{application}'"))!;

    private static async Task SignalAsync(string signal, int[] pids)
    {
        using var kill = Process.Start("kill", [signal, .. pids.Select(pid => $"{pid}")]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
