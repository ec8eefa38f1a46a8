using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Timing;

namespace OrleansCache.Client;

/// <summary>One cluster client per region, so that a lookup enters the cluster in the region that is to answer it.</summary>
internal sealed class RegionClients : IHostedService, IRegionConnections, IAsyncDisposable
{
    private readonly Dictionary<string, RegionClient> _clients;
    private readonly bool _connectsAtStart;
    private readonly TimeSpan _startTimeout;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private bool _isStarted;

    public RegionClients(
        RegionStates states, IOptions<CacheClientOptions> options, ProcessLag lag, ILoggerFactory logging, TimeProvider time)
    {
        _clients = options.Value.Regions.ToDictionary(
            region => region.Name, region => new RegionClient(region, states.Of(region.Name), options.Value, lag, logging, time));
        (_connectsAtStart, _startTimeout) = (options.Value.ConnectAtStart, options.Value.Deadline);
        _time = time;
    }

    public IEnumerable<RegionConnection> All => _clients.Values.Select(client => client.Connection);

    public int SilosOf(string region) => _clients[region].Silos;

    public RegionConnection ConnectionOf(string region) => _clients[region].Connection;

    /// <summary>A region's client; waits for the first try to connect, and for no later one.</summary>
    /// <exception cref="RegionUnavailableException">It is not connected; the message says why.</exception>
    public ValueTask<IGrainFactory> GrainsOfAsync(string region, CancellationToken cancellation) =>
        _clients[region].GrainsAsync(cancellation);

    /// <summary>The same, but waits no longer than <see cref="ConnectionTimeouts.Region"/>.</summary>
    /// <exception cref="RegionUnavailableException">It is not connected, or not yet; the message says why.</exception>
    public async ValueTask<IGrainFactory> GrainsSoonAsync(string region, CancellationToken cancellation)
    {
        await _clients[region].Tried.WaitAsync(ConnectionTimeouts.Region, _time, cancellation)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return _clients[region].Grains;
    }

    public void Start()
    {
        lock (_gate)
        {
            if (_isStarted)
                return;
            _isStarted = true;
            foreach (var client in _clients.Values)
                client.Start();
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_connectsAtStart)
            return;
        Start();
        // A region that cannot be reached does not delay the application further: its client goes on trying.
        await Task.WhenAll(_clients.Values.Select(client => client.Tried))
            .WaitAsync(_startTimeout, _time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
            _isStarted = true;
        await Task.WhenAll(_clients.Values.Select(client => client.DisposeAsync().AsTask())).ConfigureAwait(false);
    }
}
