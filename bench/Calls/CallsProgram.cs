using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OrleansCache.Bench.Clusters;
using OrleansCache.Bench.Reports;
using OrleansCache.LocalClusters;
using StackExchange.Redis;

namespace OrleansCache.Bench.Calls;

/// <summary>
/// Calls of an active book grain in a silo of another process, alternating with <c>GET</c> of the same bytes from a Redis by the same
/// client. On a shared machine the ratio within a round is more reliable than either rate.
/// </summary>
internal static class CallsProgram
{
    private const string Region = "europe";
    private const int ReferenceCount = 1_000_000;
    private static readonly int[] CallerCounts = [256, 16, 1];
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    /// <param name="args">The number of rounds (default 5) and the seconds of each measurement (default 2).</param>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 5;
        var duration = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 2);
        Surroundings.Print();
        await using var cluster = await ProcessCluster.StartAsync(new()
        {
            Regions = [Region],
            Settings = new Dictionary<string, string> { ["TimeToLive"] = "01:00:00" },
            PrepareCatalog = (catalog, _) => Shelf.FillAsync(catalog, 1),
        });
        await Task.Delay(Rest);
        using var silo = Process.GetProcessById(cluster.Silos.Single().ProcessId);
        var table = new FigureTable();
        table.Add("a silo process at rest", "under 120 MB", $"{silo.WorkingSet64 / 1048576.0:N0} MB");

        using var host = await BenchClient.ConnectToOrleansAsync(cluster);
        var grains = host.Services.GetRequiredService<IGrainFactory>();
        var grainKey = new BookGrainKey(Region, 1, Shelf.Key(0)).ToString();
        var book = grains.GetGrain<IBookGrain>(grainKey);
        if ((await book.LookupAsync(default, default))!.Row.Payload?.Length != Shelf.PayloadBytes)
            throw new InvalidOperationException("The silo does not answer with the book.");
        using var redis = await ConnectionMultiplexer.ConnectAsync(cluster.Redis(Region).ConnectionString);
        var database = redis.GetDatabase();
        await database.StringSetAsync("bench", Shelf.Payload(0));
        Task Call() => book.LookupAsync(default, default).AsTask();
        Task Get() => database.StringGetAsync("bench");

        foreach (var callers in CallerCounts)
        {
            await Callers.RateAsync(callers, duration, Call);
            await Callers.RateAsync(callers, duration, Get);
        }

        foreach (var callers in CallerCounts)
            await CompareAsync(table, callers, rounds, duration, Call, Get);
        var (held, dropped) = MeasureReferences(grains, grainKey);
        table.Add("a grain reference in the client", "", $"{held:N1} B while it is held, {dropped:N1} B when it has been dropped");
        table.Print();
        await host.StopAsync();
    }

    private static async Task CompareAsync(FigureTable table, int callers, int rounds, TimeSpan duration, Func<Task> call, Func<Task> get)
    {
        var (calls, gets) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            calls.Add(await Callers.RateAsync(callers, duration, call));
            gets.Add(await Callers.RateAsync(callers, duration, get));
        }

        var ratios = new Sorted(calls.Zip(gets, (ours, theirs) => ours / theirs));
        table.Add(
            $"calls of a book grain in another process, {callers} callers",
            "",
            $"{calls.Max():N0}/s beside {gets.Max():N0} GET/s at best; ratio {ratios.Median:N2} ({ratios.Least:N2} to {ratios.Most:N2})");
    }

    /// <summary>The bytes that a grain reference takes while it is held, and after it has been dropped.</summary>
    private static (double Held, double Dropped) MeasureReferences(IGrainFactory grains, string key)
    {
        var references = new object[ReferenceCount];
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < references.Length; i++)
            references[i] = grains.GetGrain<IBookGrain>(key);
        var held = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(references);
        Array.Clear(references);
        var dropped = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(references);
        return ((held - before) / (double)ReferenceCount, (dropped - before) / (double)ReferenceCount);
    }
}
