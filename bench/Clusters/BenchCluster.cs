using OrleansCache.LocalClusters;

namespace OrleansCache.Bench.Clusters;

/// <summary>A cluster in this process with books in its catalog, in a folder that goes with it.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;

    private BenchCluster(LocalCluster cluster, DirectoryInfo folder) => (Local, _folder) = (cluster, folder);

    public LocalCluster Local { get; }

    /// <summary>Starts it.</summary>
    /// <param name="books">How many books the catalog has.</param>
    /// <param name="settings">Settings of its silos that are not the usual ones.</param>
    public static async Task<BenchCluster> StartAsync(int books, IReadOnlyDictionary<string, string>? settings = null)
    {
        var folder = Directory.CreateTempSubdirectory("orleanscache-bench-");
        var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { CatalogPath = Path.Combine(folder.FullName, "catalog.db"), Settings = settings ?? new Dictionary<string, string>() }, CancellationToken.None);
        // Around the owners, so that nothing has been edited lately when the measurement begins.
        await Shelf.FillAsync(cluster.Catalog, books);
        return new(cluster, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await Local.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
