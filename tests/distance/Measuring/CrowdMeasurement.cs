using OrleansCache.Distance.Clients;
using OrleansCache.Distance.Clusters;

namespace OrleansCache.Distance.Measuring;

/// <summary>Three clients with near caches, one for each region, when every cache is empty.</summary>
internal static class CrowdMeasurement
{
    private const int Books = 10_000;
    private const int Rate = 1_000;
    private const int Seconds = 30;
    private const string Prefix = "crowd::";
    // Other books than those that are measured: it is the code that gets warm, and no cache.
    private const string WarmUpPrefix = "warm::";
    private const int WarmUpBooks = 5_000;
    private const int WarmUpRate = 150;
    private const int WarmUpSeconds = 20;
    private const int OverloadRate = 5_000;
    private const int OverloadSeconds = 15;
    private const string OverloadPrefix = "overload::";

    /// <param name="options">The distances.</param>
    /// <param name="report">Where the figures go.</param>
    /// <param name="isBusy">Whether somebody else keeps one core busy.</param>
    /// <param name="isYoung">Whether all processes have just started, so that their code is not compiled either.</param>
    public static async Task RunAsync(MeasuringOptions options, Report report, bool isBusy, bool isYoung)
    {
        await using var cluster = await DistantCluster.StartAsync(options.Cluster((Prefix, Books), (WarmUpPrefix, WarmUpBooks)));
        var clients = await ConnectAsync(cluster);
        if (!isYoung)
            await Task.WhenAll(clients.Select(client => client.LoadAsync(WarmUpRate, WarmUpSeconds, WarmUpPrefix, WarmUpBooks)));
        using var ending = new CancellationTokenSource();
        var other = isBusy ? BusyAsync(ending.Token) : Task.CompletedTask;
        var loads = await Task.WhenAll(clients.Select(client => client.LoadAsync(Rate, Seconds, Prefix, Books, byPopularity: true)));
        await ending.CancelAsync();
        await other;
        foreach (var (client, load) in clients.Zip(loads))
        {
            var circumstances = (isBusy ? ", one core busy" : "") + (isYoung ? ", new processes" : "");
            report.AddLoad(
                $"{Rate}/s for {Seconds} s, {Books} books by popularity, {client.Region}{circumstances}",
                $"0 failed, refused or flagged",
                load);
            report.Add("p99 of its seconds", $"≤ 500 ms in the first 5 s, ≤ 20 ms after 15 s", $"{P99(load)}");
        }
    }

    /// <summary>More lookups than the machine can answer, and the seconds after them.</summary>
    public static async Task OverloadAsync(MeasuringOptions options, Report report)
    {
        await using var cluster = await DistantCluster.StartAsync(options.Cluster((Prefix, Books), (OverloadPrefix, Books)));
        var clients = await ConnectAsync(cluster, DistantCluster.WithoutNearCache);
        foreach (var (what, rate, seconds) in ((string, int, int)[])
            [("before the overload", 200, 10), ("the overload", OverloadRate, OverloadSeconds), ("after the overload", 200, 10)])
        {
            var loads = await Task.WhenAll(clients.Select(client => client.LoadAsync(rate, seconds, Prefix, Books, byPopularity: true)));
            foreach (var (client, load) in clients.Zip(loads))
            {
                report.AddLoad($"{what}: {rate}/s for {seconds} s, {client.Region}", $"", load);
                report.Add("p99 of its seconds", $"", $"{P99(load)}");
                report.Add("answered in its seconds", $"", $"{string.Join(' ', load.Seconds.Select(second => second.Answered))}");
            }
        }
    }

    private static Task<DistantClient[]> ConnectAsync(DistantCluster cluster, params string[] arguments) =>
        Task.WhenAll(DistantCluster.Regions.Select(region => cluster.ConnectClientAsync(region, arguments)));

    private static string P99(LoadLine load) =>
        string.Join(' ', load.Seconds.Select(second => FormattableString.Invariant($"{second.P99:0}")));

    private static Task BusyAsync(CancellationToken ending) => Task.Factory.StartNew(
        () =>
        {
            while (!ending.IsCancellationRequested)
                Thread.SpinWait(1_000);
        },
        CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
