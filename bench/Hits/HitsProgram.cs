using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Bench.Calls;
using OrleansCache.Bench.Reports;
using OrleansCache.Entries;
using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Hits;

/// <summary>
/// Hits on one book in a silo's memory from 16 callers inside the silo's process, for callers with a near cache, which get a lease with
/// each answer, and for callers without one. A hit is measured twice: as a grain call, including Orleans' messages, and as the grain's code
/// alone on 16 threads, where contention on a shared lock would show. The processor time per hit depends least on other load.
/// </summary>
internal static class HitsProgram
{
    private const int CallerCount = 16;
    private static readonly LookupOptions Plain = default;

    /// <param name="args">The number of rounds (default 5) and the seconds of each measurement (default 2).</param>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var duration = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 2);
        Surroundings.Print();
        var folder = Directory.CreateTempSubdirectory("orleanscache-bench-");
        using (var host = await BenchSilo.StartAsync(FreePort.Find(), FreePort.Find(), Path.Combine(folder.FullName, "catalog.db")))
        {
            var grains = host.Services.GetRequiredService<IGrainFactory>();
            var book = grains.GetGrain<IBookGrain>(BenchSilo.GrainKey);
            var unknown = await book.LookupAsync(Plain with { Client = Guid.NewGuid() }, default);
            var near = Plain with { Client = await JoinAsync(grains, unknown!.Silo!) };
            if ((await book.LookupAsync(near, default))!.Generation == LeaseGeneration.None)
                throw new InvalidOperationException("The silo's answer has no lease.");
            var code = (IBookGrain)host.Services.GetRequiredService<LeasedEntryTable>().Find(BenchSilo.Key)!.Holder!;

            (string What, LookupOptions Options, Func<LookupOptions, Task<double>> Rate, List<(double Rate, double Processor)>)[] measured =
            [
                ("grain calls, without a near cache", Plain, Calls, []),
                ("grain calls, with a near cache", near, Calls, []),
                ("the grain's code, without a near cache", Plain, Code, []),
                ("the grain's code, with a near cache", near, Code, []),
            ];
            // The first round warms up.
            for (var round = 0; round <= rounds; round++)
            {
                foreach (var (_, options, rate, figures) in measured)
                {
                    var (before, began) = (Environment.CpuUsage.TotalTime, Stopwatch.GetTimestamp());
                    var perSecond = await rate(options);
                    var processor = Environment.CpuUsage.TotalTime - before;
                    figures.Add((perSecond, processor.TotalNanoseconds / (perSecond * Stopwatch.GetElapsedTime(began).TotalSeconds)));
                }
            }

            var table = new FigureTable();
            foreach (var (what, _, _, figures) in measured)
            {
                var rates = new Sorted(figures.Skip(1).Select(figure => figure.Rate));
                var processor = new Sorted(figures.Skip(1).Select(figure => figure.Processor));
                table.Add($"{what}: hits per second", "", $"best {rates.Most:N0}, median {rates.Median:N0}");
                table.Add($"{what}: time per hit", "", $"best {1e9 / rates.Most:N0} ns, median {1e9 / rates.Median:N0} ns");
                table.Add($"{what}: processor time per hit", "", $"best {processor.Least:N0} ns, median {processor.Median:N0} ns");
            }

            table.Print();
            await host.StopAsync();

            Task<double> Calls(LookupOptions options) =>
                Callers.RateAsync(CallerCount, duration, () => book.LookupAsync(options, default).AsTask());
            Task<double> Code(LookupOptions options) =>
                Task.FromResult(RateOfThreads(code, options, duration));
        }

        folder.Delete(recursive: true);
    }

    private static async Task<Guid> JoinAsync(IGrainFactory grains, string silo)
    {
        var client = Guid.NewGuid();
        var observer = grains.CreateObjectReference<INearObserver>(Observer.Instance);
        await grains.GetGrain<INearSource>(silo).JoinAsync(client, observer);
        return client;
    }

    private static double RateOfThreads(IBookGrain code, LookupOptions options, TimeSpan duration)
    {
        var stop = false;
        var hits = 0L;
        var threads = Enumerable.Range(0, CallerCount).Select(_ => new Thread(Run)).ToArray();
        var watch = Stopwatch.StartNew();
        foreach (var thread in threads)
            thread.Start();
        Thread.Sleep(duration);
        Volatile.Write(ref stop, true);
        foreach (var thread in threads)
            thread.Join();
        return hits / watch.Elapsed.TotalSeconds;

        void Run()
        {
            var own = 0L;
            for (; !Volatile.Read(ref stop); own++)
            {
                // A hit completes synchronously. If the lease has just been lost, the grain's code must not continue outside of the grain.
                var hit = code.LookupAsync(options, default);
                if (!hit.IsCompletedSuccessfully || hit.Result!.Tier is not Tier.Silo)
                    throw new InvalidOperationException("The book has left the silo's memory.");
            }

            Interlocked.Add(ref hits, own);
        }
    }

    // References to observers are weak.
    private sealed class Observer : INearObserver
    {
        public static Observer Instance { get; } = new();

        public Task RevokeAsync(string[] books) => Task.CompletedTask;

        public Task EndLeasesAsync(string silo, int? slot, long below) => Task.CompletedTask;
    }
}
