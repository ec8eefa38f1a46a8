using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansCache.Tls;

namespace OrleansCache.Client;

/// <summary>
/// The cluster client of one region, in a host of its own. It is connected in the background and tried again for as long
/// as it takes; whoever needs it meanwhile learns why it is not there. A client that has lost sight of its cluster's grains is replaced by a new one.
/// </summary>
internal sealed partial class RegionClient : IAsyncDisposable
{
    private static readonly TimeSpan TryPatience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ClosePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CheckPeriod = TimeSpan.FromSeconds(1);

    private readonly string _region;
    private readonly RegionGateways _gateways;
    private readonly CacheClientOptions _options;
    private readonly ILoggerFactory _logging;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IClusterClient? _client;
    private volatile string _problem = "no gateway has answered yet";
    private IHost? _host;
    private bool _disposed;
    private Task _connecting = Task.CompletedTask;

    public RegionClient(RegionOptions region, CacheClientOptions options, ILoggerFactory logging, TimeProvider time)
    {
        _region = region.Name;
        _gateways = new(region);
        _options = options;
        _logging = logging;
        _logger = logging.CreateLogger<RegionClient>();
        _time = time;
    }

    /// <summary>Ends when the region is connected, or has had its time for a first try.</summary>
    public Task Tried => _tried.Task;

    /// <summary>How many silos the region is known to have.</summary>
    public int Silos => _gateways.Known.Length;

    public RegionConnection Connection => new(_region, [.. _gateways.Names], _client is not null, _client is null ? _problem : null);

    public void Start() => _connecting = Task.Run(() => KeepConnectedAsync(_stopping.Token));

    /// <summary>The region's client; waits a short while for the first try to connect, and for no later one.</summary>
    /// <exception cref="RegionUnavailableException">It is not connected; the message says why.</exception>
    public async ValueTask<IGrainFactory> GrainsAsync(CancellationToken cancellation)
    {
        if (_client is { } ready)
            return ready;
        await Tried.WaitAsync(cancellation).ConfigureAwait(false);
        return _client ?? throw new RegionUnavailableException(
            $"The region \"{_region}\" cannot be reached through {_gateways}: {_problem}");
    }

    public async ValueTask DisposeAsync()
    {
        // A host disposes what it has as a singleton and once more what it has as a hosted service.
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
            await CloseAsync(host).ConfigureAwait(false);
        }
    }

    private async Task ConnectAsync(CancellationToken cancellation)
    {
        // Whoever needs the region is not kept waiting for as long as a try may take.
        using var due = new CancellationTokenSource(_options.Deadline, _time);
        using var dueNow = due.Token.Register(() => _tried.TrySetResult());
        var tries = new ConnectionTries<IHost>(TryConnectAsync, CloseAsync, _time);
        await using var givenUp = tries.ConfigureAwait(false);
        _host = await tries.FirstAsync(cancellation).ConfigureAwait(false);
        _client = _host?.Services.GetRequiredService<IClusterClient>();
        _tried.TrySetResult();
    }

    /// <summary>
    /// Whether the client knew its cluster's grains for as long as it was needed. On Microsoft Orleans it may have forgotten them for good: it takes a cluster's list
    /// of grains only when its version is higher than before, and the last word of silos that stop is a list without any. Where their
    /// successors begin with a new membership table, as on one machine without Redis, or after its loss, the versions begin anew.
    /// </summary>
    private async Task<bool> KnowsGrainsUntilStoppedAsync(IClusterClient client, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(CheckPeriod, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false))
                _ = client.GetGrain<IDirectoryBypassGrain>(_region);
        }
        catch (OperationCanceledException)
        {
            // It is not needed any more.
        }
        catch (ArgumentException)
        {
            return false;
        }

        return true;
    }

    private async Task<IHost?> TryConnectAsync(CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(TryPatience, _time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        IHost? host = null;
        try
        {
            host = Build();
            // Some engines do not look at the token at each step of their start.
            await host.StartAsync(stop.Token).WaitAsync(stop.Token).ConfigureAwait(false);
            // A silo that was just starting may have said that there are no grains yet, and would not be asked again for long.
            _ = host.Services.GetRequiredService<IClusterClient>().GetGrain<IDirectoryBypassGrain>(_region);
            return host;
        }
        catch (Exception error)
        {
            // Whatever went wrong, lookups go to other regions meanwhile and this one is tried again.
            if (!stop.IsCancellationRequested)
                Note(error);
            if (host is not null)
                await CloseAsync(host).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>A try has failed: whoever waits for the region need not wait for the next one.</summary>
    private void Note(Exception error)
    {
        _problem = error.GetBaseException().Message.TrimEnd('.');
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
            client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = RegionGateways.RefreshPeriod);
            // Nobody waits for a call longer than this, and what nobody waits for should not be kept.
            client.Configure<ClientMessagingOptions>(messaging => messaging.ResponseTimeout = _options.OperationTimeout);
            if (_options.Tls.IsOn)
                client.UseTls(TlsCertificates.Load(_options.Tls), tls => TlsCertificates.Configure(tls, _options.Tls));
            _options.ConfigureClient?.Invoke(client);
        });
        return builder.Build();
    }

    /// <summary>
    /// Stops and releases a host. A client whose cluster has gone may fail to say goodbye, as may one that never was connected, and some
    /// engines do not look at the token while they do: nobody waits longer for it than the patience allows.
    /// </summary>
    private async Task CloseAsync(IHost host)
    {
        await Task.Run(() => EndAsync(host), CancellationToken.None)
            .WaitAsync(ClosePatience, _time, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task EndAsync(IHost host)
    {
        using var patience = new CancellationTokenSource(StopPatience, _time);
        await host.StopAsync(patience.Token).WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ((IAsyncDisposable)host).DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The client of the region {Region} knows no silos with grains any more, and is replaced by a new one")]
    private partial void LogForgotten(string region);
}
