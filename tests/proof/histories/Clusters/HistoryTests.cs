using Microsoft.Extensions.DependencyInjection;
using OrleansCache.LocalClusters;
using OrleansCache.Proof.Histories;
using OrleansCache.Proof.Schedules;

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

    // Without a cooldown, clients keep books that are edited all the time, and can be wrong about them.
    private static readonly Dictionary<string, string> Settings = new() { ["Leases:NearCacheCooldownAfterWrite"] = "00:00:00" };

    private static readonly string[] Books = ["history::one", "history::two", "history::three", "history::four"];

    [Fact]
    public Task Every_edit_is_seen_by_everybody_and_no_client_sees_a_book_go_back() => HoldsAsync(TimeSpan.FromSeconds(4));

    [Fact, Trait("Tier", "All")]
    public Task Every_edit_is_seen_by_everybody_and_no_client_sees_a_book_go_back_in_a_long_run() => HoldsAsync(RunSettings.LongRun());

    private async Task HoldsAsync(TimeSpan length)
    {
        var (verdict, near, edits) = await RunAsync(length);

        Assert.True(verdict.Holds, verdict.ToString());
        Assert.NotEqual(0, near);
        Assert.NotEqual(0, edits);
    }

    private async Task<(Verdict Verdict, int Near, int Edits)> RunAsync(TimeSpan length)
    {
        var folder = Directory.CreateTempSubdirectory("orleanscache-history-");
        var seed = RunSettings.Seed();
        output.WriteLine($"seed {seed}");
        var file = Path.Combine(folder.FullName, "catalog.db");
        var history = new History(TimeProvider.System);
        var hits = 0;
        var options = new LocalClusterOptions
        {
            CatalogPath = file,
            Nodes = LocalNodes.Memory,
            Settings = Settings,
            ConfigureServices = services => services.AddSingleton<IOutgoingGrainCallFilter>(new SlowRevocations(seed)),
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
            hits = (await Task.WhenAll(
                readers.Select((reader, i) => Task.Run(() => UseAsync(reader, new SplitMix64(seed + (ulong)i)))))).Sum();
            foreach (var reader in readers)
                await reader.DisposeAsync();

            bool IsOver() =>
                history.Now - began >= length && (Volatile.Read(ref edited) >= Enough || history.Now - began >= length + Extension);

            async Task<int> UseAsync(RecordingReader reader, SplitMix64 random)
            {
                var hits = 0;
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
                        default:
                            hits += await reader.ReadAsync(book) is Tier.Near ? 1 : 0;
                            break;
                    }

                    if (random.Below(4) == 0)
                        await Task.Delay(random.Below(5), CancellationToken.None);
                }

                return hits;
            }
        }

        var calls = history.Calls();
        var verdict = Verdict.On(calls, Lease);
        output.WriteLine($"{hits} reads were answered by near caches. {verdict}");
        if (!verdict.Holds)
            output.WriteLine($"The history is kept in {HistoryFile.Keep(calls, seed, [verdict.ToString()])}");
        folder.Delete(recursive: true);
        return (verdict, hits, calls.Count(call => call.Edit is not null && call.Outcome is Outcome.Acked));
    }
}
