using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <summary>One cluster client per region, so that a lookup enters the cluster in the region that is to answer it.</summary>
internal sealed class RegionClients : IHostedService, IAsyncDisposable
{
    private readonly Dictionary<string, RegionClient> _clients;
    private readonly TimeSpan _startTimeout;
    private readonly TimeProvider _time;

    public RegionClients(IOptions<CacheClientOptions> options, ILoggerFactory logging, TimeProvider time)
    {
        _clients = options.Value.Regions.ToDictionary(
            region => region.Name, region => new RegionClient(region, options.Value, logging, time));
        _startTimeout = options.Value.Deadline;
        _time = time;
    }

    public int SilosOf(string region) => _clients[region].Silos;

    public RegionConnection ConnectionOf(string region) => _clients[region].Connection;

    /// <summary>A region's client.</summary>
    /// <exception cref="RegionUnavailableException">It is not connected; the message says why.</exception>
    public ValueTask<IGrainFactory> GrainsOfAsync(string region, CancellationToken cancellation) =>
        _clients[region].GrainsAsync(cancellation);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var client in _clients.Values)
            client.Start();
        // A region that cannot be reached does not delay the application further: its client goes on trying.
        await Task.WhenAll(_clients.Values.Select(client => client.Tried))
            .WaitAsync(_startTimeout, _time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_clients.Values.Select(client => client.DisposeAsync().AsTask())).ConfigureAwait(false);
}
