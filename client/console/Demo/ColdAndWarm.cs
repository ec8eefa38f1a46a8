using OrleansCache.Cli.Output;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Client;

namespace OrleansCache.Cli.Demo;

/// <summary>The first lookup of a book loads it; the next ones are answered from memory in the reader's own region.</summary>
internal sealed class ColdAndWarm : IScene
{
    private const int Again = 20;

    public string Title => "A book comes near its readers";

    public async Task<SceneReport> PlayAsync(Stage stage, CancellationToken cancellation)
    {
        var rows = new List<IReadOnlyList<string>>();
        var (nearby, warm, firstIsFromCatalog) = (true, true, false);
        var key = stage.ColdKey();
        foreach (var region in stage.Regions)
        {
            var cold = await stage.LookUpAsync(key, region, cancellation).ConfigureAwait(false);
            var again = new List<LookupResult>();
            for (var i = 0; i < Again; i++)
                again.Add(await stage.LookUpAsync(key, region, cancellation).ConfigureAwait(false));
            var median = again.OrderBy(result => result.Elapsed).ElementAt(Again / 2);
            firstIsFromCatalog |= rows.Count == 0 && cold.Tier == Tier.Catalog;
            nearby &= cold.Region == region && again.All(result => result.Region == region);
            warm &= again.All(result => result.Tier == Tier.Silo);
            rows.Add(
            [
                region, Format.Tier(cold.Tier), Format.Duration(cold.Elapsed), Format.Tier(median.Tier), Format.Duration(median.Elapsed),
                cold.Node ?? "none",
            ]);
        }

        return new(
            $"{Title}: {key}",
            ["reader's region", "first from", "time#", "again from", "median time#", "node"],
            rows,
            [
                new("the very first lookup reads the catalog", firstIsFromCatalog),
                new("each reader is answered by its own region", nearby),
                new("every later lookup is answered from memory", warm),
            ]);
    }
}
