using OrleansCache.Cli.Output;
using OrleansCache.Cli.Output.Reports;

namespace OrleansCache.Cli.Demo;

/// <summary>Any number of concurrent lookups of a book that is in no cache cause one catalog read, and one node read per region.</summary>
internal sealed class Crowd : IScene
{
    private const int Readers = 1_000;

    public string Title => "A crowd asks for one cold book";

    public async Task<SceneReport> PlayAsync(Stage stage, CancellationToken cancellation)
    {
        // The same crowd with another book first, so that the figures do not include just-in-time compilation.
        await AskAsync(stage, stage.ColdKey(), cancellation).ConfigureAwait(false);
        var key = stage.ColdKey();
        var before = await stage.StatisticsAsync(cancellation).ConfigureAwait(false);
        var times = await AskAsync(stage, key, cancellation).ConfigureAwait(false);
        var after = await stage.StatisticsAsync(cancellation).ConfigureAwait(false);
        var catalogRows = Sum(after, silo => silo.CatalogRows) - Sum(before, silo => silo.CatalogRows);
        var rows = new List<IReadOnlyList<string>>();
        var oneEach = true;
        foreach (var region in stage.Regions)
        {
            long Rose(Func<SiloStatistics, long> count) =>
                Sum(after.Where(silo => silo.Region == region), count) - Sum(before.Where(silo => silo.Region == region), count);
            var nodeReads = Rose(silo => silo.NodeReads);
            oneEach &= nodeReads == 1;
            var sorted = times[region];
            rows.Add(
            [
                region, Format.Count(sorted.Length), Format.Duration(sorted[sorted.Length / 2]), Format.Duration(sorted[^1]),
                Format.Count(nodeReads), Format.Count(Rose(silo => silo.CatalogRows)),
            ]);
        }

        return new(
            $"{Title}: {Format.Count(Readers)} lookups of {key} at once",
            ["region", "lookups#", "median#", "slowest#", "node reads#", "catalog reads#"],
            rows,
            [
                new($"all {Format.Count(Readers)} found the book", times.Values.Sum(list => list.Length) == Readers),
                new("the catalog was read once", catalogRows == 1),
                new("each region's node was read once", oneEach),
            ]);
    }

    private static long Sum(IEnumerable<SiloStatistics> silos, Func<SiloStatistics, long> count) => silos.Sum(count);

    private static async Task<Dictionary<string, TimeSpan[]>> AskAsync(Stage stage, string key, CancellationToken cancellation)
    {
        var lookups = Enumerable.Range(0, Readers).Select(async reader =>
        {
            var region = stage.Regions[reader % stage.Regions.Count];
            var result = await stage.LookUpAsync(key, region, cancellation).ConfigureAwait(false);
            return (Region: region, result.Found, result.Elapsed);
        });
        var results = await Task.WhenAll(lookups).ConfigureAwait(false);
        return results.Where(result => result.Found)
            .GroupBy(result => result.Region)
            .ToDictionary(group => group.Key, group => group.Select(result => result.Elapsed).Order().ToArray());
    }
}
