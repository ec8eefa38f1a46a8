using System.Globalization;
using OrleansCache.Catalogs;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Cluster;

/// <summary>
/// A steady load on a local cluster, so that its page has something to show: lookups from every region, of a few books often and of many
/// seldom. Each region's client is a process of its own, which runs where the region's silos do (<see cref="TrafficProgram"/>). Off at
/// first.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="network">The network with distance, or null.</param>
/// <param name="failed">Called with the region and the reason when a client ends by itself.</param>
internal sealed class Traffic(ProcessCluster cluster, DistantNetwork? network, Action<string, string> failed) : IAsyncDisposable
{
    /// <summary>The most lookups a second in each region.</summary>
    public const int MostPerSecond = 2_000;

    private const int MostKeys = 2_000;

    private readonly SemaphoreSlim _change = new(1, 1);
    private CancellationTokenSource? _stop;
    private Task _run = Task.CompletedTask;

    /// <summary>How many lookups are made, a second and region.</summary>
    public int PerSecond { get; private set; }

    /// <summary>Changes it.</summary>
    /// <exception cref="ArgumentException">The number is out of range.</exception>
    /// <exception cref="InvalidOperationException">The clients cannot be started.</exception>
    public async Task SetAsync(int perSecond)
    {
        if (perSecond is < 0 or > MostPerSecond)
            throw new ArgumentException($"{perSecond} lookups a second cannot be made; give 0 to {MostPerSecond:N0}.", nameof(perSecond));
        await _change.WaitAsync().ConfigureAwait(false);
        try
        {
            await EndAsync().ConfigureAwait(false);
            if (perSecond == 0)
                return;
            var clients = await StartAsync(perSecond).ConfigureAwait(false);
            PerSecond = perSecond;
            _stop = new();
            _run = Task.WhenAll(clients.Select(client => RunAsync(client.Region, client.Process, _stop.Token)));
        }
        finally
        {
            _change.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync().ConfigureAwait(false);
        _change.Dispose();
    }

    private async Task EndAsync()
    {
        PerSecond = 0;
        if (_stop is null)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(false);
        _stop.Dispose();
        _stop = null;
    }

    private async Task<List<(string Region, GuardedProcess Process)>> StartAsync(int perSecond)
    {
        var keys = await KeysAsync().ConfigureAwait(false);
        var clients = new List<(string Region, GuardedProcess Process)>();
        try
        {
            foreach (var region in cluster.Regions)
                clients.Add((region, await StartAsync(region, keys, perSecond).ConfigureAwait(false)));
            return clients;
        }
        catch
        {
            foreach (var (_, process) in clients)
                await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<GuardedProcess> StartAsync(string region, IReadOnlyList<string> keys, int perSecond)
    {
        // Removed with the process. Only this user may read it: an address may come with a password.
        var folder = Directory.CreateTempSubdirectory("orleanscache-traffic-").FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, TrafficProgram.SettingsFile), cluster.ClientJson).ConfigureAwait(false);
        await File.WriteAllLinesAsync(Path.Combine(folder, TrafficProgram.KeysFile), keys).ConfigureAwait(false);
        return await GuardedProcess.StartAsync(new()
        {
            Command =
            [
                Programs.DotNet, typeof(Traffic).Assembly.Location, TrafficProgram.Word, folder, region,
                perSecond.ToString(CultureInfo.InvariantCulture),
            ],
            Host = network?.Host(region) ?? NetworkHost.Loopback,
            Folder = folder,
        }).ConfigureAwait(false);
    }

    private async Task RunAsync(string region, GuardedProcess process, CancellationToken stop)
    {
        await ((Task)process.Ended).WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!stop.IsCancellationRequested)
        {
            var last = process.Lines.LastOrDefault() ?? $"exit code {await process.Ended.ConfigureAwait(false)}";
            failed(region, $"the traffic of {region} has ended: {last}");
        }

        await process.DisposeAsync().ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<string>> KeysAsync()
    {
        await using var catalog = CatalogFactory.Create(cluster.Catalog);
        var keys = await catalog.ListKeysAsync(null, MostKeys, CancellationToken.None).ConfigureAwait(false);
        return keys.Count > 0 ? keys : ["book::1984"];
    }
}
