using System.Diagnostics;
using OrleansCache.Distance.Clients;
using OrleansCache.Distance.Clusters;

namespace OrleansCache.Distance.Measuring;

/// <summary>Lookups one after the other: cold, from a silo's memory, and from Redis after the silo was restarted.</summary>
internal static class SeriesMeasurement
{
    private const int Books = 100;
    private const int First = 30;

    private static readonly TimeSpan IdleTime = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(MeasuringOptions options, Report report)
    {
        await using var cluster = await DistantCluster.StartAsync(options.Cluster(
            [.. DistantCluster.Regions.SelectMany(region => ((string, int)[])[(Cold(region), Books), (Early(region), First)])]));
        var clients = await Task.WhenAll(
            DistantCluster.Regions.Select(region => cluster.ConnectClientAsync(region, DistantCluster.WithoutNearCache)));
        foreach (var client in clients)
        {
            report.AddSeries(
                $"the first {First} lookups of a client and of the silos, {client.Region}", $"none flagged or failed",
                await client.SeriesAsync(Early(client.Region), First), options.RoundTrip(client.Region, DistantCluster.Europe));
        }

        var idle = await IdleRateAsync(cluster);
        report.Add("packets between silos of different regions when idle", $"-", $"{idle:0.0}/s");
        foreach (var client in clients)
        {
            await MeasureAsync(client, "cold", $"p50 ≤ 1.15 R + 5 ms, p90 ≤ 1.3 R; ≤ 2 packets", packetsMatter: true);
            await MeasureAsync(client, "in memory", $"as without distance; 0 packets", packetsMatter: true);
        }

        foreach (var client in clients.Where(client => client.Region != DistantCluster.Europe))
        {
            await cluster.Processes.Silo($"{client.Region}.1").StopAsync();
            await cluster.Processes.RestartSiloAsync($"{client.Region}.1");
            await client.ConnectAsync();
            await MeasureAsync(client, "from Redis, its silo restarted", $"p50 ≤ 1.15 R + 5 ms, p90 ≤ 1.3 R", packetsMatter: false);
        }

        async Task MeasureAsync(DistantClient client, string what, FormattableString asked, bool packetsMatter)
        {
            var (before, start) = (cluster.SiloPackets(), Stopwatch.GetTimestamp());
            var lines = await client.SeriesAsync(Cold(client.Region), Books);
            var packets = cluster.SiloPackets() - before - idle * Stopwatch.GetElapsedTime(start).TotalSeconds;
            report.AddSeries($"{what}, {client.Region}", asked, lines, options.RoundTrip(client.Region, DistantCluster.Europe));
            if (packetsMatter && cluster.Network is not null)
                report.Add($"{what}, {client.Region}: packets between regions, no idle ones", $"", $"{packets / Books:0.00} per lookup");
        }
    }

    private static string Cold(string region) => $"cold-{region}::";

    private static string Early(string region) => $"early-{region}::";

    private static async Task<double> IdleRateAsync(DistantCluster cluster)
    {
        if (cluster.Network is null)
            return 0;
        // The silos still greet each other.
        await Task.Delay(IdleTime / 2);
        var before = cluster.SiloPackets();
        await Task.Delay(IdleTime);
        return (cluster.SiloPackets() - before) / IdleTime.TotalSeconds;
    }
}
