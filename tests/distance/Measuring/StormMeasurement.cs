using OrleansCache.Distance.Clients;
using OrleansCache.Distance.Clusters;

namespace OrleansCache.Distance.Measuring;

/// <summary>Many lookups of cold books in Asia, from the moment at which the silos are ready.</summary>
internal static class StormMeasurement
{
    private const int Books = 300;
    private const int Rate = 300;
    private const int Seconds = 20;
    private const int ShownSeconds = 5;
    private const string Prefix = "storm::";

    /// <param name="options">The distances.</param>
    /// <param name="report">Where the figures go.</param>
    /// <param name="startsInside">Whether the client process starts at that moment, too; else it has had one answer before.</param>
    public static async Task RunAsync(MeasuringOptions options, Report report, bool startsInside)
    {
        await using var cluster = await DistantCluster.StartAsync(options.Cluster((Prefix, Books), ("first::", 1)));
        var client = cluster.StartClient(DistantCluster.Asia, DistantCluster.WithoutNearCache);
        if (!startsInside)
        {
            await client.ConnectAsync();
            var roundTrip = options.RoundTrip(DistantCluster.Asia, DistantCluster.Europe);
            report.AddSeries("its first lookup", $"not flagged", await client.SeriesAsync("first::", 1), roundTrip);
        }

        var load = await client.LoadAsync(Rate, Seconds, Prefix, Books);
        var how = startsInside ? "client started inside it" : "client with one answer";
        report.AddLoad(
            $"storm of {Rate}/s over {Books} cold books in Asia for {Seconds} s, {how}",
            startsInside ? (FormattableString)$"0 failed" : $"0 failed, refused or flagged; p50 ≤ 3 ms, p99 ≤ 2 R", load);
        foreach (var (second, figures) in load.Seconds.Take(ShownSeconds).Index())
            report.Add($"its second {second + 1}", $"", $"{Report.Text(figures)}");
        var silos = await client.StatisticsAsync();
        report.Add(
            "catalog rows read, first answer included", $"{(startsInside ? Books : Books + 1)}", $"{silos.Sum(silo => silo.CatalogRows)}");
    }
}
