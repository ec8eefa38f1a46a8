using OrleansCache.Cli.Output;
using OrleansCache.Cli.Output.Reports;

namespace OrleansCache.Cli.Demo;

/// <summary>Memory is full: the least recently used books are evicted, and the silo stays within its budget.</summary>
internal sealed class LeastRecentlyUsed : IScene
{
    private const int Few = 20;

    public string Title => "Memory is full";

    public async Task<SceneReport> PlayAsync(Stage stage, CancellationToken cancellation)
    {
        var region = stage.Regions[0];
        var keys = stage.Keys;
        foreach (var batch in keys.Chunk(Few))
            await AskAsync(stage, region, batch, cancellation).ConfigureAwait(false);
        var newest = await AskAsync(stage, region, keys.TakeLast(Few), cancellation).ConfigureAwait(false);
        var oldest = await AskAsync(stage, region, keys.Take(Few), cancellation).ConfigureAwait(false);
        var silo = (await stage.StatisticsAsync(cancellation).ConfigureAwait(false))[0];
        return new(
            $"{Title}: {Format.Count(keys.Count)} books pass through {Format.Bytes(silo.BudgetBytes)}",
            ["books", "answers from memory#", "answers from behind it#", "in memory now#", "bytes now#", "evicted so far#"],
            [
                [$"the last {Few}, again", Format.Count(newest), Format.Count(Few - newest), "", "", ""],
                [
                    $"the first {Few}, again", Format.Count(oldest), Format.Count(Few - oldest), Format.Count(silo.Copies),
                    Format.Bytes(silo.Bytes), Format.Count(silo.Evictions),
                ],
            ],
            [
                new("the books used last are in memory", newest == Few),
                new("the books used first were evicted", oldest == 0 && silo.Evictions > 0),
                new("the silo stays within its budget", silo.Bytes <= silo.BudgetBytes),
            ]);
    }

    /// <summary>How many of the books are answered from memory.</summary>
    private static async Task<int> AskAsync(Stage stage, string region, IEnumerable<string> keys, CancellationToken cancellation)
    {
        var fromMemory = 0;
        foreach (var key in keys)
            fromMemory += (await stage.LookUpAsync(key, region, cancellation).ConfigureAwait(false)).Tier == Tier.Silo ? 1 : 0;
        return fromMemory;
    }
}
