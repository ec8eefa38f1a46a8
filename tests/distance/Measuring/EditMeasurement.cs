using OrleansCache.Distance.Clients;
using OrleansCache.Distance.Clusters;

namespace OrleansCache.Distance.Measuring;

/// <summary>Edits of books that silos of all regions hold, by an author in each region.</summary>
internal static class EditMeasurement
{
    private const int Books = 30;

    public static async Task RunAsync(MeasuringOptions options, Report report)
    {
        await using var cluster = await DistantCluster.StartAsync(
            options.Cluster([.. DistantCluster.Regions.Select(region => (Prefix(region), Books))]));
        var clients = await Task.WhenAll(
            DistantCluster.Regions.Select(region => cluster.ConnectClientAsync(region, DistantCluster.WithoutNearCache)));
        var longest = DistantCluster.Regions.Max(region => options.RoundTrip(DistantCluster.Europe, region));
        foreach (var author in clients)
        {
            var prefix = Prefix(author.Region);
            var held = await LookUpAsync(clients, prefix);
            var edits = new List<EditLine>();
            for (var i = 0; i < Books; i++)
                edits.Add(await author.PutAsync($"{prefix}{i}", $"New edition {i}"));
            // The author's way to the owner and back, and the owner's to the farthest holder and back.
            var way = (options.RoundTrip(author.Region, DistantCluster.Europe) + longest).TotalMilliseconds;
            var p50 = Report.At(edits.Where(edit => edit.Error is null).Select(edit => edit.Ms), 0.5);
            var p90 = Report.At(edits.Where(edit => edit.Error is null).Select(edit => edit.Ms), 0.9);
            report.Add(
                $"edit with copies in all regions, author in {author.Region}",
                $"p50 ≤ {(author.Region == DistantCluster.Europe ? 1.15 : 1.075)} of its way to the farthest holder ({way} ms) + commit",
                $"p50 {p50:0.0} (p90 {p90:0.0}) ms = {p50 / way:0.00} of its way; {edits.Count(Failed)} failed");
            report.Add(
                "lookups before it, in all regions", $"none flagged, failed or hedged",
                $"{held.Count(line => !line.IsHealthy)} of {held.Count} were");
            report.Explain(edits.Select(edit => edit.Error));
            var seen = await LookUpAsync(clients, prefix);
            report.Add(
                $"lookups after it, in all regions", $"all of the new edition",
                $"{seen.Count(line => line.Version == 2)} of {seen.Count}; {seen.Count(line => !line.IsHealthy)} not healthy");
        }
    }

    private static bool Failed(EditLine edit) => edit.Error is not null;

    private static async Task<IReadOnlyList<LookupLine>> LookUpAsync(IEnumerable<DistantClient> clients, string prefix) =>
        [.. (await Task.WhenAll(clients.Select(client => client.SeriesAsync(prefix, Books)))).SelectMany(lines => lines)];

    private static string Prefix(string region) => $"edited-{region}::";
}
