using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.LocalClusters;
using OrleansCache.Placement;
using OrleansCache.Proof.Faults;
using OrleansCache.Proof.Histories;
using OrleansCache.Proof.Schedules;
using OrleansCache.TestSupport;

namespace OrleansCache.Proof.Clusters;

/// <summary>
/// The histories of clients that read and edit on a real cluster: three regions in one process, with a near cache in every client.
/// </summary>
[Collection(Busy.Name)]
public sealed class HistoryTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    // On a busy machine a run is extended until there are enough edits, by at most this time.
    private static readonly TimeSpan Extension = TimeSpan.FromSeconds(60);

    private const int Enough = 100;

    private const int FailOvers = 20;

    // Without a cooldown, clients keep books that are edited all the time, and can be wrong about them.
    private static readonly Dictionary<string, string> Settings = new() { ["Leases:NearCacheCooldownAfterWrite"] = "00:00:00" };

    private static readonly string[] Regions = ["europe", "asia", "northamerica"];

    private static readonly string[] Books = ["history::one", "history::two", "history::three", "history::four"];

    [Fact]
    public Task Every_edit_is_seen_by_everybody_and_no_client_sees_a_book_go_back() => HoldsAsync(TimeSpan.FromSeconds(4));

    [Fact, Trait("Tier", "All")]
    public Task Every_edit_is_seen_by_everybody_and_no_client_sees_a_book_go_back_in_a_long_run() => HoldsAsync(RunSettings.LongRun());

    [Fact, Trait("Tier", "All")]
    public async Task Fail_overs_of_a_Redis_Cluster_cost_no_call_and_break_no_promise()
    {
        await using var redis = await LocalRedisCluster.StartAsync(1, "--cluster-require-full-coverage", "no");

        var calls = await HoldsAsync(TimeSpan.Zero, redis.ConnectionString, () => FailOverAsync(redis));

        Assert.Equal(
            [], calls.Where(call => call.Outcome is Outcome.Failed or Outcome.Unknown or Outcome.Saw { Flag: not null }).ToArray());
    }

    /// <summary>Primaries change with both sides' consent, without that of the old one, and because the old one is killed.</summary>
    private async Task FailOverAsync(LocalRedisCluster redis)
    {
        for (var round = 0; round < FailOvers; round++)
        {
            var (primary, replicas) = await redis.ServersOfAsync($"somebody's {round}");
            if (round % 3 == 2)
                await primary.KillAsync();
            else
                await replicas[0].AskAsync(round % 3 == 0 ? ["cluster", "failover"] : ["cluster", "failover", "force"]);
            await Eventually.IsTrueAsync(
                async () => (await replicas[0].AskAsync("info", "replication")).Contains("role:master", StringComparison.Ordinal),
                $"fail-over {round} has happened");
            if (round % 3 == 2)
                await primary.StartAgainAsync();
            await redis.IsWellAsync();
        }

        output.WriteLine($"{FailOvers} fail-overs");
    }

    /// <param name="length">The minimum duration.</param>
    /// <param name="nodes">The connection string of all regions' nodes; null for nodes in memory.</param>
    /// <param name="trouble">What happens meanwhile; the run lasts at least as long.</param>
    private async Task<IReadOnlyList<Call>> HoldsAsync(TimeSpan length, string? nodes = null, Func<Task>? trouble = null)
    {
        var (verdict, tiers, calls) = await RunAsync(length, nodes, trouble);

        Assert.True(verdict.Holds, verdict.ToString());
        Assert.True(tiers.ContainsKey(Tier.Near) && (nodes is null || tiers.ContainsKey(Tier.Redis)), string.Join(", ", tiers));
        Assert.Contains(calls, call => call.Edit is not null && call.Outcome is Outcome.Acked);
        return calls;
    }

    private async Task<(Verdict Verdict, IReadOnlyDictionary<Tier, int> Tiers, IReadOnlyList<Call> Calls)> RunAsync(
        TimeSpan length, string? nodes, Func<Task>? trouble)
    {
        var folder = Directory.CreateTempSubdirectory("orleanscache-history-");
        var seed = RunSettings.Seed();
        output.WriteLine($"seed {seed}");
        var file = Path.Combine(folder.FullName, "catalog.db");
        var history = new History(TimeProvider.System);
        var orders = new FaultOrders(folder.FullName);
        var tiers = new ConcurrentDictionary<Tier, int>();
        var options = new LocalClusterOptions
        {
            CatalogPath = file,
            Regions = Regions,
            Nodes = LocalNodes.Memory,
            Settings = nodes is null ? Settings : WithNodes(nodes),
            ConfigureServices = services =>
            {
                services.AddSingleton<IOutgoingGrainCallFilter>(new SlowRevocations(seed));
                services.AddHostedService(provider => ActivatorUtilities.CreateInstance<Evictions>(
                    provider, orders, provider.GetRequiredService<ILocalSiloDetails>().Name));
            },
        };
        await using (var cluster = await LocalCluster.StartAsync(options, CancellationToken.None))
        {
            var readers = new List<RecordingReader>();
            foreach (var region in cluster.Regions.Names)
            {
                readers.Add(await RecordingReader.StartAsync(cluster, region, $"{region} 1", history));
                readers.Add(await RecordingReader.StartAsync(cluster, region, $"{region} 2", history));
            }

            foreach (var book in Books)
                await readers[0].EditAsync(book, removes: false, expected: null);
            var sql = new SqlAuthor(file, history);
            var began = history.Now;
            var edited = 0;
            var troubled = trouble?.Invoke() ?? Task.CompletedTask;
            await Task.WhenAll(readers.Select((reader, i) => Task.Run(() => UseAsync(reader, new SplitMix64(seed + (ulong)i)))));
            await troubled;
            foreach (var reader in readers)
                await reader.DisposeAsync();

            bool IsOver() => troubled.IsCompleted
                && history.Now - began >= length && (Volatile.Read(ref edited) >= Enough || history.Now - began >= length + Extension);

            async Task UseAsync(RecordingReader reader, SplitMix64 random)
            {
                while (!IsOver())
                {
                    var book = Books[random.Below(Books.Length)];
                    switch (random.Below(1_000))
                    {
                        case < 6:
                            await reader.EditAsync(book, removes: false, expected: null);
                            Interlocked.Increment(ref edited);
                            break;
                        case < 8:
                            await reader.EditAsync(book, removes: true, expected: null);
                            Interlocked.Increment(ref edited);
                            break;
                        case < 9:
                            await sql.EditAsync(book);
                            break;
                        // What is in the silos' memory is not looked for in Redis.
                        case < 40 when nodes is not null:
                            orders.Give(Fault.EvictBook.Name, SiloName.Of(Regions[random.Below(Regions.Length)], "1"));
                            break;
                        default:
                            if (await reader.ReadAsync(book) is { } tier)
                                tiers.AddOrUpdate(tier, 1, static (_, count) => count + 1);
                            break;
                    }

                    if (random.Below(4) == 0)
                        await Task.Delay(random.Below(5), CancellationToken.None);
                }
            }
        }

        var calls = history.Calls();
        var verdict = Verdict.On(calls, Lease);
        output.WriteLine($"{string.Join(", ", tiers.Select(tier => $"{tier.Key} {tier.Value}"))}. {verdict}");
        if (!verdict.Holds)
            output.WriteLine($"The history is kept in {HistoryFile.Keep(calls, seed, [verdict.ToString()])}");
        folder.Delete(recursive: true);
        return (verdict, tiers, calls);
    }

    private static Dictionary<string, string> WithNodes(string connection)
    {
        var settings = new Dictionary<string, string>(Settings)
        {
            // On a slow machine an owner must not be taken for unreachable.
            ["OwnerBudget"] = "00:00:20",
            ["OwnerPatience"] = "00:00:20",
        };
        for (var region = 0; region < Regions.Length; region++)
            settings[$"Regions:{region}:Nodes:0:Connection"] = connection;
        return settings;
    }
}
