using OrleansCache.Cli.Output;
using OrleansCache.Cli.Output.Reports;
using OrleansCache.Cli.Sessions;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Demo;

/// <summary>Plays the scenes on clusters of their own with a temporary catalog.</summary>
internal sealed class DemoRun(IOutput output, LocalClusterOptions options)
{
    private const int SmallBudgetBytes = 128 * 1024;
    private static readonly TimeSpan ShortTimeToLive = TimeSpan.FromSeconds(2);

    private readonly List<SceneReport> _reports = [];

    public async Task<DemoReport> RunAsync(CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var folder = Directory.CreateTempSubdirectory("orleanscache-demo-");
        try
        {
            var large = options with { CatalogPath = Path.Combine(folder.FullName, "catalog.db") };
            IScene[] first = [new ColdAndWarm(), new Crowd(), new NodeGoesAndComesBack()];
            var nodes = await PlayAsync(large, first, cancellation).ConfigureAwait(false);
            var small = large with
            {
                Regions = [options.Regions[0]],
                SilosPerRegion = 1,
                TimeToLive = ShortTimeToLive,
                MemoryBudgetBytes = SmallBudgetBytes,
                CatalogPath = Path.Combine(folder.FullName, "small.db"),
                // An entry in use would get a new time to live before its own has ended.
                Settings = new Dictionary<string, string> { ["Leases:RenewWhileUsedWithin"] = "00:00:00" },
            };
            await PlayAsync(small, [new Expiry(ShortTimeToLive), new LeastRecentlyUsed()], cancellation).ConfigureAwait(false);
            return new(nodes, TimeProvider.System.GetElapsedTime(started).TotalMilliseconds, _reports);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<string> PlayAsync(LocalClusterOptions cluster, IReadOnlyList<IScene> scenes, CancellationToken cancellation)
    {
        await using var session = await LocalSession.StartAsync(cluster, cancellation).ConfigureAwait(false);
        await ShippedBooks.StoreAsync(session.Operations.StoreAsync, cancellation).ConfigureAwait(false);
        var keys = await session.Catalog.ListKeysAsync(null, int.MaxValue, cancellation).ConfigureAwait(false);
        var stage = new Stage(session, keys);
        foreach (var scene in scenes)
        {
            var report = await scene.PlayAsync(stage, cancellation).ConfigureAwait(false);
            output.Part(report);
            _reports.Add(report);
        }

        return session.Cluster.NodesDescription;
    }
}
