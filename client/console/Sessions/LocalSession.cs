using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Catalogs;
using OrleansCache.Cli.Output;
using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Sessions;

/// <summary>Starts a cluster in this process.</summary>
internal sealed class LocalSessionSource(Func<LocalClusterOptions> configure) : ISessionSource
{
    private const int CountedBooks = 100_000;

    private LocalSession? _session;

    public LocalClusterOptions OwnCluster => configure();

    public ISession? Current => _session;

    public async Task<ISession> GetAsync(Action<string> notice, CancellationToken cancellation)
    {
        if (_session is not null)
            return _session;
        var options = OwnCluster;
        MakeFolder(options.CatalogPath);
        var session = await LocalSession.StartAsync(options, cancellation).ConfigureAwait(false);
        try
        {
            await TellAsync(session, options.CatalogPath, notice, cancellation).ConfigureAwait(false);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return _session = session;
    }

    public async ValueTask DisposeAsync()
    {
        if (_session is { } session)
            await session.DisposeAsync().ConfigureAwait(false);
        _session = null;
    }

    private static void MakeFolder(string catalog)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(catalog)) is not { } folder)
            return;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SessionException(
                ConsoleExitCode.Unavailable,
                $"The folder {folder} for the catalog cannot be created ({error.Message.TrimEnd('.')}); "
                + "name another file with --catalog FILE.",
                error);
        }
    }

    private static async Task TellAsync(LocalSession session, string catalog, Action<string> notice, CancellationToken cancellation)
    {
        notice($"{ProgramVersion.Description}; regions {string.Join(", ", session.Regions.Names)}; {session.Cluster.NodesDescription}");
        var keys = await session.Catalog.ListKeysAsync(null, CountedBooks, cancellation).ConfigureAwait(false);
        if (keys.Count > 0)
        {
            var count = keys.Count < CountedBooks ? Format.Count(keys.Count) : $"at least {Format.Count(CountedBooks)}";
            notice($"catalog {catalog} with {count} books");
            return;
        }

        var shipped = await ShippedBooks.StoreAsync(session.Operations.StoreAsync, cancellation).ConfigureAwait(false);
        notice($"catalog {catalog} was empty; the {Format.Count(shipped)} books that come with the project are in it now");
    }
}

/// <summary>A cluster in this process and a client of it.</summary>
internal sealed class LocalSession : ISession
{
    private static readonly TimeSpan RingTimeout = TimeSpan.FromSeconds(2);

    private readonly IHost _client;

    private LocalSession(LocalCluster cluster, IHost client)
    {
        Cluster = cluster;
        _client = client;
        Cache = client.Services.GetRequiredService<IBookCache>();
        Operations = client.Services.GetRequiredService<ICacheOperations>();
    }

    public LocalCluster Cluster { get; }

    public IBookCache Cache { get; }

    public ICacheOperations Operations { get; }

    public RegionMap Regions => Cluster.Regions;

    public ICatalog Catalog => Cluster.Catalog;

    public static async Task<LocalSession> StartAsync(LocalClusterOptions options, CancellationToken cancellation)
    {
        var cluster = await LocalCluster.StartAsync(options, cancellation).ConfigureAwait(false);
        var client = BuildClient(cluster);
        try
        {
            await client.StartAsync(cancellation).ConfigureAwait(false);
            var session = new LocalSession(cluster, client);
            await Task.WhenAll(session.Regions.Names.Select(region => session.AwaitRingAsync(region, cancellation))).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await DisposeAsync(client).ConfigureAwait(false);
            await cluster.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task<IReadOnlyList<string>> KeysAsync(string prefix, int limit, CancellationToken cancellation)
    {
        var keys = await Catalog.ListKeysAsync(prefix.Length == 0 ? null : prefix, limit, cancellation).ConfigureAwait(false);
        return [.. keys.TakeWhile(key => key.StartsWith(prefix, StringComparison.Ordinal))];
    }

    public string ConnectionOf(string region, string typed) => typed == LocalCluster.OwnServer ? Cluster.ConnectionOf(region) : typed;

    public async ValueTask DisposeAsync()
    {
        await DisposeAsync(_client).ConfigureAwait(false);
        await Cluster.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Waits, but not long, until the silos of a region have its ring. Without it they bypass their node, and somebody who starts a
    /// cluster to look at it wants to see the nodes used.
    /// </summary>
    private async Task AwaitRingAsync(string region, CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            var ring = await Operations.GetRingAsync(region, cancellation).ConfigureAwait(false);
            while (TimeProvider.System.GetElapsedTime(started) < RingTimeout)
            {
                var silos = await Operations.GetStatisticsAsync(region, cancellation).ConfigureAwait(false);
                if (silos.All(silo => silo.RingVersion >= ring.Version))
                    return;
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellation).ConfigureAwait(false);
            }
        }
        catch (RegionUnavailableException)
        {
            // A command that needs the region reports this better.
            return;
        }
    }

    private static IHost BuildClient(LocalCluster cluster)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddBookCache(options =>
        {
            options.Home = cluster.Regions.Home;
            // Client and silos share this process and are compiled just in time, so a first lookup takes longer than the default
            // timeouts allow.
            options.AttemptBudget = TimeSpan.FromSeconds(1);
            options.Deadline = TimeSpan.FromSeconds(4);
            // The console shows what the cluster does; a near cache would hide it.
            options.NearCacheBytes = 0;
            foreach (var name in cluster.Regions.Names)
                options.Regions.Add(Describe(cluster, name));
        });
        return builder.Build();
    }

    private static ClientRegionOptions Describe(LocalCluster cluster, string name)
    {
        var region = new ClientRegionOptions { Name = name };
        foreach (var fallback in cluster.Regions.OrderFrom(name).Skip(1))
            region.Fallback.Add(fallback);
        foreach (var gateway in cluster.Gateways[name])
            region.Gateways.Add(gateway.ToString());
        return region;
    }

    private static ValueTask DisposeAsync(IHost host) =>
        host is IAsyncDisposable disposable ? disposable.DisposeAsync() : ValueTask.CompletedTask;
}
