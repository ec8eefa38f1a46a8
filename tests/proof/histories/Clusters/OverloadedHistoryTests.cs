using OrleansCache.Catalogs;
using OrleansCache.LocalClusters;
using OrleansCache.Proof.Histories;
using OrleansCache.Proof.Schedules;

namespace OrleansCache.Proof.Clusters;

/// <summary>
/// A history on a starved machine: more threads than cores want them all the time, all caches are cold, and each of three regions gets
/// 1,000 lookups a second of 10,000 books by popularity, while ten edits a second are made. So lookups give up waiting for owners, and are
/// answered with flags. Whatever is older than an edit that was acknowledged before must have one.
/// </summary>
[Collection(Busy.Name)]
public sealed class OverloadedHistoryTests(ITestOutputHelper output)
{
    private const int Books = 10_000;
    private const int LookupsPerSecond = 1_000;
    private const int EditsPerSecond = 10;
    private const double ZipfExponent = 0.9;

    // So many that a region is behind by a second or more.
    private const int MostInFlight = 2_000;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    [Fact, Trait("Tier", "All")]
    public async Task On_a_starved_machine_whatever_is_older_than_an_acknowledged_edit_is_flagged()
    {
        var folder = Directory.CreateTempSubdirectory("orleanscache-overload-");
        var seed = RunSettings.Seed();
        output.WriteLine($"seed {seed}");
        var history = new History(TimeProvider.System);
        using var over = new CancellationTokenSource();
        var options = new LocalClusterOptions { CatalogPath = Path.Combine(folder.FullName, "catalog.db"), Nodes = LocalNodes.Memory };
        await using (var cluster = await LocalCluster.StartAsync(options, CancellationToken.None))
        {
            foreach (var numbers in Enumerable.Range(0, Books).Chunk(1_000))
            {
                await cluster.Catalog.StoreAsync(
                    [.. numbers.Select(number => new KeyedPayload(KeyOf(number), BookPayload.Encode(new Book($"before {number}"))))],
                    CancellationToken.None);
            }

            var readers = await Task.WhenAll(cluster.Regions.Names.Select(
                region => RecordingReader.StartAsync(cluster, region, region, history)));
            var burners = Enumerable.Range(0, 2 * Environment.ProcessorCount)
                .Select(_ => Task.Factory.StartNew(Burn, TaskCreationOptions.LongRunning)).ToArray();
            over.CancelAfter(RunSettings.LongRun());
            await Task.WhenAll(readers.Select((reader, i) => PaceAsync(
                LookupsPerSecond, new SplitMix64(seed + (ulong)i), book => reader.ReadAsync(book))).Append(PaceAsync(
                EditsPerSecond, new SplitMix64(seed + 10), book => readers[0].EditAsync(book, removes: false, expected: null))));
            await Task.WhenAll(burners);
            foreach (var reader in readers)
                await reader.DisposeAsync();
        }

        folder.Delete(recursive: true);
        var calls = history.Calls();
        var verdict = Verdict.On(calls, Lease);
        output.WriteLine($"{verdict}");
        foreach (var late in Late(calls).GroupBy(late => late.Flag ?? "none").OrderBy(late => late.Key))
        {
            var (least, most) = (late.Min(one => one.Age), late.Max(one => one.Age));
            output.WriteLine($"flag {late.Key}: {late.Count()} older than an acknowledged edit, by {least} to {most}");
        }

        if (!verdict.Holds)
            output.WriteLine($"The history is kept in {HistoryFile.Keep(calls, seed, [verdict.ToString()])}");
        Assert.True(verdict.Holds, verdict.ToString());
        Assert.Contains(calls, call => call.Outcome is Outcome.Acked);
        Assert.Contains(calls, call => call.Outcome is Outcome.Saw { Flag: not null });

        void Burn()
        {
            while (!over.IsCancellationRequested)
                Thread.SpinWait(1_000);
        }

        async Task PaceAsync(int perSecond, SplitMix64 random, Func<string, Task> call)
        {
            var popularity = new Popularity();
            var (began, begun) = (history.Now, 0L);
            var running = new List<Task>();
            while (!over.IsCancellationRequested)
            {
                running.RemoveAll(one => one.IsCompleted);
                for (var due = (long)((history.Now - began).TotalSeconds * perSecond); begun < due; begun++)
                {
                    if (running.Count < MostInFlight)
                        running.Add(call(KeyOf(popularity.Next(random))));
                }

                await Task.Delay(Beat, CancellationToken.None);
            }

            await Task.WhenAll(running);
        }
    }

    private static string KeyOf(int number) => $"overload::{number}";

    /// <summary>The answers that are older than an edit that was acknowledged before they were asked for, and by how much.</summary>
    private static IEnumerable<(string? Flag, TimeSpan Age)> Late(IEnumerable<Call> calls)
    {
        foreach (var book in calls.GroupBy(call => call.Book))
        {
            var edits = book.Where(call => call.Outcome is Outcome.Acked { Identity: not null }).OrderBy(call => call.End).ToArray();
            foreach (var call in book)
            {
                if (call.Outcome is Outcome.Saw { Identity: { } identity } saw
                    && Array.FindLast(edits, edit => edit.End < call.Start) is { } edit && identity.Version < edit.Identity!.Value.Version)
                    yield return (saw.Flag, call.Start - edit.End);
            }
        }
    }

    /// <summary>Numbers of books, by a Zipf distribution.</summary>
    private sealed class Popularity
    {
        private static readonly double[] Sums = Sum();

        public int Next(SplitMix64 random)
        {
            const int steps = 1 << 30;
            var found = Array.BinarySearch(Sums, random.Below(steps) * Sums[^1] / steps);
            return Math.Min(found < 0 ? ~found : found, Books - 1);
        }

        private static double[] Sum()
        {
            var sums = new double[Books];
            for (var i = 0; i < Books; i++)
                sums[i] = (i == 0 ? 0 : sums[i - 1]) + Math.Pow(i + 1, -ZipfExponent);
            return sums;
        }
    }
}
