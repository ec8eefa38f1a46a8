using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Clusters;

/// <summary>A cluster in this process with books in its catalog, in a temporary folder.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private BenchCluster(LocalCluster cluster, DirectoryInfo folder) => (Local, _folder) = (cluster, folder);

    public LocalCluster Local { get; }

    /// <summary>Starts a cluster.</summary>
    /// <param name="books">The number of books in the catalog.</param>
    /// <param name="settings">Settings of the silos that differ from the defaults.</param>
    /// <param name="configure">Changes how it is started.</param>
    public static async Task<BenchCluster> StartAsync(
        int books,
        IReadOnlyDictionary<string, string>? settings = null,
        Func<LocalClusterOptions, LocalClusterOptions>? configure = null)
    {
        var folder = Directory.CreateTempSubdirectory("orleanscache-bench-");
        var options = new LocalClusterOptions
        {
            CatalogPath = Path.Combine(folder.FullName, "catalog.db"),
            Settings = settings ?? new Dictionary<string, string>(),
        };
        var cluster = await LocalCluster.StartAsync(configure?.Invoke(options) ?? options, CancellationToken.None);
        // Written directly, so that the owners have no recent edits when the measurement begins.
        await Shelf.FillAsync(cluster.Catalog, books);
        return new(cluster, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await Local.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
