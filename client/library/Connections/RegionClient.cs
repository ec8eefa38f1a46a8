using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansCache.Timing;
using OrleansCache.Tls;

namespace OrleansCache.Client;

/// <summary>
/// The cluster client of one region, in a host of its own. It connects in the background, for as long as it takes, and is connected when a
/// gateway has answered a ping; the pings go on from then on (<see cref="RegionPings"/>). Calls wait for the first try to connect; while it
/// has failed they fail, with the reason. A client that knows no grains of its cluster any more is replaced by a new one.
/// </summary>
internal sealed partial class RegionClient : IAsyncDisposable
{
    private readonly string _region;
    private readonly RegionGateways _gateways;
    private readonly RegionState _state;
    private readonly RegionPings _pings;
    private readonly CacheClientOptions _options;
    private readonly ILoggerFactory _logging;
    private readonly ILogger _logger;
    private readonly ProcessLag _lag;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IClusterClient? _client;
    private volatile string _problem = "no gateway has answered yet";
    private IHost? _host;
    private bool _disposed;
    private Task _connecting = Task.CompletedTask;

    public RegionClient(
        ClientRegionOptions region,
        RegionState state,
        CacheClientOptions options,
        ProcessLag lag,
        ILoggerFactory logging,
        TimeProvider time)
    {
        _region = region.Name;
        _gateways = new(region);
        _options = options;
        _logging = logging;
        _logger = logging.CreateLogger<RegionClient>();
        _lag = lag;
        _time = time;
        _state = state;
        _pings = new(state, _region, time, _logger);
    }

    /// <summary>Completes when the region is connected, or a first try to connect has failed.</summary>
    public Task Tried => _tried.Task;

    /// <summary>The number of silos that the region is known to have.</summary>
    public int Silos => _gateways.Known.Length;

    public RegionConnection Connection => new(
        _region,
        [.. _gateways.Names],
        _client is not null,
        _client is null ? _problem : null,
        _state.Distance.RoundTrip,
        _state.Distance.OwnerRoundTrip,
        Tried.IsCompleted);

    public void Start() => _connecting = Task.Run(() => KeepConnectedAsync(_stopping.Token));

    /// <summary>The region's client.</summary>
    /// <exception cref="RegionUnavailableException">It is not connected; the message says why.</exception>
    public IGrainFactory Grains => _client ?? throw new RegionUnavailableException(
        $"The region \"{_region}\" cannot be reached through {_gateways}: {_problem}");

    /// <summary>The region's client; waits for the first try to connect, and for no later one.</summary>
    /// <exception cref="RegionUnavailableException">It is not connected; the message says why.</exception>
    public async ValueTask<IGrainFactory> GrainsAsync(CancellationToken cancellation)
    {
        if (_client is { } ready)
            return ready;
        await Tried.WaitAsync(cancellation).ConfigureAwait(false);
        return Grains;
    }

    public async ValueTask DisposeAsync()
    {
        // A host disposes of it twice: as a singleton and as a hosted service.
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _connecting.ConfigureAwait(false);
        _client = null;
        if (_host is { } host)
            await CloseAsync(host).ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task KeepConnectedAsync(CancellationToken cancellation)
    {
        while (true)
        {
            await ConnectAsync(cancellation).ConfigureAwait(false);
            if (_client is not { } client || await KnowsGrainsUntilStoppedAsync(client, cancellation).ConfigureAwait(false))
                return;
            var host = _host!;
            LogForgotten(_region);
            (_problem, _client, _host) = ("its silos were lost, and their successors are being looked for", null, null);
            _state.NoteNoConnection(_problem);
            _state.Distance.Forget();
            await CloseAsync(host).ConfigureAwait(false);
        }
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        var hedge = new ConnectionHedge<IHost>(TryConnectAsync, CloseAsync, _lag, _time);
        await using var cancelled = hedge.ConfigureAwait(false);
        _host = await hedge.ConnectAsync(cancellation).ConfigureAwait(false);
        _client = _host?.Services.GetRequiredService<IClusterClient>();
        if (_client is not null)
            _state.NoteAnswer();
        _tried.TrySetResult();
    }

    /// <summary>
    /// Waits until the client is stopped (true) or knows no grains any more (false). An Orleans client takes a cluster's list of grains
    /// only when its version is higher than before, and silos that stop send an empty list at last. Where their successors begin with a new
    /// membership table, as in a cluster without Redis or after the loss of its data, the versions start again, and the client would keep
    /// the empty list.
    /// </summary>
    private Task<bool> KnowsGrainsUntilStoppedAsync(IClusterClient client, CancellationToken cancellation) =>
        _pings.RunAsync(client, cancellation);

    private async Task<IHost?> TryConnectAsync(CancellationToken cancellation)
    {
        using var timeout = new CancellationTokenSource(ConnectionTimeouts.Attempt, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        IHost? host = null;
        try
        {
            host = Build();
            // Orleans does not check the token in each step of its start.
            await host.StartAsync(stop.Token).WaitAsync(stop.Token).ConfigureAwait(false);
            await AnsweredAsync(host.Services.GetRequiredService<IClusterClient>(), stop.Token).ConfigureAwait(false);
            return host;
        }
        catch (Exception error)
        {
            // Whatever the error, lookups go to other regions in the meantime, and the next attempt follows.
            if (!stop.IsCancellationRequested)
                Note(error);
            if (host is not null)
                await CloseAsync(host).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Waits until a gateway has answered: an open socket is no answer, and a silo that is just starting has none.</summary>
    /// <exception cref="ArgumentException">
    /// It had sent an empty list of grains, and would not be asked for another one for some seconds.
    /// </exception>
    private async Task AnsweredAsync(IClusterClient client, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await _pings.PingAsync(client, isConnected: false, cancellation).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (error is not ArgumentException && !cancellation.IsCancellationRequested)
            {
                Note(error);
                await Task.Delay(ConnectionTimeouts.RetryPause, _time, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Notes a failed try to connect: callers who need the region do not wait for the next one.</summary>
    private void Note(Exception error)
    {
        _problem = error.GetBaseException().Message.TrimEnd('.');
        if (_client is null)
            _state.NoteNoConnection($"it cannot be reached through {_gateways}: {_problem}");
        _tried.TrySetResult();
    }

    private IHost Build()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = $"{_region} client" });
        builder.Services.AddSingleton(_logging);
        builder.UseOrleansClient(client =>
        {
            ClusterWiring.Connect(client, _options, _gateways, Note);
            client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (_options.ClusterId, _options.ServiceId));
            client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = ConnectionTimeouts.GatewayRefresh);
            // No caller waits longer than this, so Orleans should not keep calls longer, either.
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = _options.OperationTimeout);
            if (_options.PropagateTraces)
                client.AddActivityPropagation();
            if (_options.Tls.IsOn)
            {
                var tls = TlsCertificates.ToSilo(new(_options.Tls, _time, _logging.CreateLogger<TlsIdentity>()));
                client.Configure<ClientConnectionOptions>(
                    options => options.ConfigureConnection(connection => connection.UseClientTls(tls)));
            }

            _options.ConfigureClient?.Invoke(client);
        });
        return builder.Build();
    }

    /// <summary>
    /// Stops and disposes of a host, in the background after a timeout: a client whose cluster is lost, or that never was connected, may
    /// take long to stop, and Orleans does not check the token in each step.
    /// </summary>
    private async Task CloseAsync(IHost host)
    {
        await Task.Run(() => EndAsync(host), CancellationToken.None)
            .WaitAsync(ConnectionTimeouts.Close, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task EndAsync(IHost host)
    {
        using var timeout = new CancellationTokenSource(ConnectionTimeouts.Stop, _time);
        await host.StopAsync(timeout.Token).WaitAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((IAsyncDisposable)host).DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(1000, LogLevel.Information, "The client of region {Region} knows no silos with grains any more; it is replaced")]
    private partial void LogForgotten(string region);
}
