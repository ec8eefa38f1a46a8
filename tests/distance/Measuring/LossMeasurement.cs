using OrleansCache.Distance.Clients;
using OrleansCache.Distance.Clusters;
using OrleansCache.LocalClusters;

namespace OrleansCache.Distance.Measuring;

/// <summary>Silos that are restarted or killed while readers of all regions look up.</summary>
internal static class LossMeasurement
{
    private const int Books = 300;
    private const int Rate = 200;
    private const string Prefix = "lost::";

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    /// <summary>Restarts each silo in turn.</summary>
    public static async Task RestartsAsync(MeasuringOptions options, Report report)
    {
        const int seconds = 50;
        await using var cluster = await DistantCluster.StartAsync(options.Cluster((Prefix, Books)));
        var clients = await WarmClientsAsync(cluster);
        var loads = Task.WhenAll(clients.Select(client => client.LoadAsync(Rate, seconds, Prefix, Books)));
        foreach (var region in DistantCluster.Regions.Reverse())
        {
            await Task.Delay(Calm);
            var name = SiloProcess.NameOf(region, 1);
            await cluster.Processes.Silo(name).StopAsync();
            await cluster.Processes.RestartSiloAsync(name);
        }

        foreach (var (client, load) in clients.Zip(await loads))
        {
            report.AddLoad(
                $"each silo restarted in turn under {Rate}/s, {client.Region}", $"0 failed, 0 flagged, p99 ≤ 2.5 R", load);
            ShowTroubled(report, load);
        }
    }

    /// <summary>Kills Asia's only silo.</summary>
    public static async Task KillAsync(MeasuringOptions options, Report report)
    {
        const int seconds = 20;
        await using var cluster = await DistantCluster.StartAsync(options.Cluster((Prefix, Books)));
        var clients = await WarmClientsAsync(cluster);
        var loads = Task.WhenAll(clients.Select(client => client.LoadAsync(Rate, seconds, Prefix, Books)));
        await Task.Delay(Calm);
        await cluster.Processes.Silo(SiloProcess.NameOf(DistantCluster.Asia, 1)).KillAsync();
        foreach (var (client, load) in clients.Zip(await loads))
        {
            report.AddLoad(
                $"kill -9 of Asia's only silo under {Rate}/s, {client.Region}",
                client.Region == DistantCluster.Asia ? (FormattableString)$"answered within 2 R of the first silence" : $"nothing", load);
            ShowTroubled(report, load);
        }
    }

    private static async Task<DistantClient[]> WarmClientsAsync(DistantCluster cluster)
    {
        var clients = await Task.WhenAll(
            DistantCluster.Regions.Select(region => cluster.ConnectClientAsync(region, DistantCluster.WithoutNearCache)));
        await Task.WhenAll(clients.Select(client => client.LoadAsync(Books / 2, 6, Prefix, Books)));
        return clients;
    }

    private static void ShowTroubled(Report report, LoadLine load)
    {
        foreach (var (second, figures) in load.Seconds.Index())
        {
            if (figures is not { Failed: 0, Refused: 0, Flagged: 0, Hedged: 0 })
                report.Add($"its second {second + 1}", $"", $"{Report.Text(figures)}");
        }
    }
}
