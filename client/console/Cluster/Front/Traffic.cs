using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Catalogs;
using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Cluster;

/// <summary>
/// A steady load on a local cluster, so that its page has something to show: lookups from every region, of a few books often and of many
/// seldom. Off at first.
/// </summary>
internal sealed class Traffic(ProcessCluster cluster, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The most lookups a second in each region.</summary>
    public const int MostPerSecond = 2_000;

    private const int MostKeys = 2_000;
    private const int MostInFlight = 64;
    private const int TicksPerSecond = 20;

    private readonly SemaphoreSlim _change = new(1, 1);
    private CancellationTokenSource? _stop;
    private Task _run = Task.CompletedTask;

    /// <summary>How many lookups are made, a second and region.</summary>
    public int PerSecond { get; private set; }

    /// <summary>Changes it.</summary>
    /// <exception cref="ArgumentException">The number is out of range.</exception>
    public async Task SetAsync(int perSecond)
    {
        if (perSecond is < 0 or > MostPerSecond)
            throw new ArgumentException($"{perSecond} lookups a second cannot be made; give 0 to {MostPerSecond:N0}.", nameof(perSecond));
        await _change.WaitAsync().ConfigureAwait(false);
        try
        {
            await EndAsync().ConfigureAwait(false);
            PerSecond = perSecond;
            if (perSecond > 0)
            {
                _stop = new();
                _run = RunAsync(perSecond, _stop.Token);
            }
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
        if (_stop is null)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await _run.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _stop = null;
    }

    private async Task RunAsync(int perSecond, CancellationToken stop)
    {
        var keys = await KeysAsync(stop).ConfigureAwait(false);
        using var client = Client();
        await client.StartAsync(stop).ConfigureAwait(false);
        var books = client.Services.GetRequiredService<IBookCache>();
        await Task.WhenAll(cluster.Regions.Select(region => ReadAsync(books, region, keys, perSecond, stop)))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await client.StopAsync(CancellationToken.None).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<string>> KeysAsync(CancellationToken stop)
    {
        await using var catalog = CatalogFactory.Create(cluster.Catalog);
        var keys = await catalog.ListKeysAsync(null, MostKeys, stop).ConfigureAwait(false);
        return keys.Count > 0 ? keys : ["book::1984"];
    }

    private IHost Client()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var settings = cluster.ClientSettings.ToDictionary(setting => $"OrleansCache:{setting.Key}", setting => (string?)setting.Value);
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Services.AddBookCache(builder.Configuration.GetSection("OrleansCache"));
        // A near cache would answer all of them, and the page would show none.
        builder.Services.Configure<CacheClientOptions>(options => options.NearCacheBytes = 0);
        return builder.Build();
    }

    private async Task ReadAsync(IBookCache books, string region, IReadOnlyList<string> keys, int perSecond, CancellationToken stop)
    {
        var random = new Random(region.GetHashCode(StringComparison.Ordinal));
        using var slots = new SemaphoreSlim(MostInFlight, MostInFlight);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / TicksPerSecond), time);
        var due = 0.0;
        try
        {
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                for (due += (double)perSecond / TicksPerSecond; due >= 1; due--)
                {
                    // Without a free slot the cluster is slower than what is asked of it, and the lookup is left out.
                    if (await slots.WaitAsync(0, stop).ConfigureAwait(false))
                        _ = LookUpAsync(books, region, Pick(keys, random), slots, stop);
                }
            }
        }
        finally
        {
            // All lookups that were started end before their slots are disposed of.
            for (var i = 0; i < MostInFlight; i++)
                await slots.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    /// <summary>A key whose rank among all has a probability that falls with it, about as the popularity of books does.</summary>
    private static string Pick(IReadOnlyList<string> keys, Random random) =>
        keys[(int)(Math.Pow(keys.Count + 1, random.NextDouble()) - 1)];

    private static async Task LookUpAsync(IBookCache books, string region, string key, SemaphoreSlim slots, CancellationToken stop)
    {
        try
        {
            await books.GetAsync(key, new() { Region = region }, stop).ConfigureAwait(false);
        }
        catch (Exception error) when (error is CacheException or OperationCanceledException)
        {
            // The page shows what fails.
        }
        finally
        {
            slots.Release();
        }
    }
}
