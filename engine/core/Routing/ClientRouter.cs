using System.Net;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Messaging;
using OrleansCache.Engine.Hosting;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.Observers;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Routing;

/// <summary>A client's ways into the cluster: sends each grain's calls through one of the gateways, and others when that one is gone.</summary>
internal sealed partial class ClientRouter(
    ObserverRegistry observers, InboundCalls inbound, Func<IReadOnlyCollection<IPEndPoint>> gateways, Func<IPEndPoint, IConnectionOwner, CancellationToken, Task<Connection>> open, OwnedTasks tasks, TimeProvider time, ILogger<ClientRouter> logger)
    : ICallRouter, IConnectionOwner
{
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromSeconds(1);
    private readonly Dictionary<IPEndPoint, Connection> _open = [];
    private readonly SemaphoreSlim _refreshing = new(1);
    private readonly CancellationTokenSource _stopping = new();
    private volatile Connection[] _usable = [];
    private Task _maintaining = Task.CompletedTask;

    public void Route(Call call)
    {
        if (ClientIds.IsClient(call.Target) && ClientIds.HostOf(call.Target) == observers.HostId)
        {
            observers.Deliver(call);
            return;
        }

        if (Choose(call.Target) is { } connection)
        {
            var sending = connection.SendAsync(call);
            if (sending.IsCompletedSuccessfully && sending.Result) return;
            tasks.Run(async () =>
            {
                if (!await sending) await SendAsync(call);
            });
        }
        else
        {
            tasks.Run(() => SendAsync(call));
        }
    }

    /// <summary>Connects to the gateways.</summary>
    /// <exception cref="ConnectionFailedException">None of them can be reached.</exception>
    public async Task StartAsync(CancellationToken token)
    {
        await RefreshAsync(token);
        if (_usable.Length == 0) throw new ConnectionFailedException($"None of the gateways {string.Join(", ", gateways())} can be reached. Start a silo first, or name another gateway.");
        _maintaining = MaintainAsync(_stopping.Token);
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _maintaining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Connection[] all;
        lock (_open) all = [.. _open.Values];
        foreach (var connection in all) connection.Close();
        await Task.WhenAll(all.Select(connection => connection.Closed));
    }

    public void OnRequest(Connection connection, long id, ReadOnlySpan<byte> request)
    {
        if (inbound.Receive(connection, id, request) is { } call) observers.Deliver(call);
    }

    public void OnMoved(Connection connection, GrainId grain, SiloAddress silo)
    {
        // A client does not know the silos behind its gateways.
    }

    public void OnDraining(Connection connection) => Update();

    public void OnClosed(Connection connection)
    {
        Update();
        if (!_stopping.IsCancellationRequested) LogLost(connection.Peer);
    }

    private Connection? Choose(GrainId target)
    {
        var usable = _usable;
        return usable.Length == 0 ? null : usable[target.GetUniformHashCode() % (uint)usable.Length];
    }

    private async Task SendAsync(Call call)
    {
        try
        {
            while (!call.IsDone)
            {
                if (Choose(call.Target) is { } connection)
                {
                    if (await connection.SendAsync(call)) return;
                    Update();
                    continue;
                }

                await RefreshAsync(_stopping.Token);
                if (_usable.Length == 0) throw new SiloUnavailableException($"None of the gateways {string.Join(", ", gateways())} can be reached, so {call} was not sent.");
            }
        }
        catch (OperationCanceledException)
        {
            call.Fail(new SiloUnavailableException($"The client has stopped, so {call} was not sent."));
        }
        catch (Exception exception)
        {
            call.Fail(exception);
        }
    }

    private async Task MaintainAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(RefreshPeriod, time);
        while (await timer.WaitForNextTickAsync(token)) await RefreshAsync(token);
    }

    private async Task RefreshAsync(CancellationToken token)
    {
        await _refreshing.WaitAsync(token);
        try
        {
            foreach (var gateway in gateways())
            {
                lock (_open)
                {
                    if (_open.TryGetValue(gateway, out var known) && !known.IsClosed) continue;
                }

                try
                {
                    var connection = await open(gateway, this, token);
                    lock (_open) _open[gateway] = connection;
                }
                catch (ConnectionFailedException exception)
                {
                    LogUnreachable(gateway, exception.Message);
                }
            }
        }
        finally
        {
            _refreshing.Release();
        }

        Update();
    }

    private void Update()
    {
        lock (_open)
        {
            foreach (var (gateway, connection) in _open)
            {
                if (connection.IsClosed) _open.Remove(gateway);
            }

            _usable = [.. _open.Where(pair => !pair.Value.IsDraining).OrderBy(pair => pair.Key.Port).Select(pair => pair.Value)];
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Gateway {Gateway} cannot be reached: {Reason}")]
    private partial void LogUnreachable(IPEndPoint gateway, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to {Peer} was lost")]
    private partial void LogLost(Peer peer);
}
