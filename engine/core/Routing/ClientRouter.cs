using System.Net;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Messaging;
using OrleansCache.Engine.Directory;
using OrleansCache.Engine.Hosting;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.Observers;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Routing;

/// <summary>
/// A client's ways into the cluster: sends each grain's calls through one of the gateways, and others when that one is gone, is stopping or does
/// not answer. It goes on looking for gateways for as long as it lives.
/// </summary>
internal sealed partial class ClientRouter(
    ObserverRegistry observers, InboundCalls inbound, IGatewayList gateways, Func<IPEndPoint, IConnectionOwner, CancellationToken, Task<Connection>> open, Func<SiloAddress, CancellationToken, Task> probe,
    OwnedTasks tasks, TimeProvider time, ILogger<ClientRouter> logger)
    : ICallRouter, IConnectionOwner
{
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(5);

    /// <summary>How soon calls may look for gateways again after that was in vain; until then they fail at once.</summary>
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(200);
    private readonly Dictionary<IPEndPoint, Gateway> _open = [];
    private readonly Lock _refreshGate = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile Connection[] _usable = [];
    private Task _refreshing = Task.CompletedTask;
    private Task _maintaining = Task.CompletedTask;
    private string _problem = "none is known";
    private long _refreshedAt;

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
        var began = time.GetTimestamp();
        TimeSpan round;
        do
        {
            var asked = time.GetTimestamp();
            await RefreshAsync().WaitAsync(token);
            round = time.GetElapsedTime(asked);
        }
        // One that is silent may only be slow, on a machine where much has just started; one that is not there says so at once.
        while (_usable.Length == 0 && round >= ConnectLimit && time.GetElapsedTime(began) < StartLimit);
        if (_usable.Length == 0) throw new ConnectionFailedException($"No gateway can be reached: {_problem}. Start a silo first, or name another gateway.");

        // On the thread pool: whoever starts a client may have a context of its own, and keep it busy.
        _maintaining = Task.Run(() => MaintainAsync(_stopping.Token), CancellationToken.None);
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _maintaining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _refreshing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Connection[] all;
        lock (_open) all = [.. _open.Values.Select(gateway => gateway.Connection)];
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
        if (!SiloControlIds.IsControl(target)) return usable.Length == 0 ? null : usable[target.GetUniformHashCode() % (uint)usable.Length];
        var silo = SiloControlIds.SiloOf(target);
        lock (_open) return _open.Values.FirstOrDefault(gateway => silo.Equals(gateway.Connection.Peer.Silo) && !gateway.Connection.IsClosed)?.Connection;
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

                if (SiloControlIds.IsControl(call.Target)) throw new SiloUnavailableException("The gateway is gone.");
                if (time.GetElapsedTime(Volatile.Read(ref _refreshedAt)) > RetryPeriod) await RefreshAsync();
                if (_usable.Length == 0) throw new SiloUnavailableException($"No gateway can be reached, so {call} was not sent: {_problem}.");
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
        while (await timer.WaitForNextTickAsync(token)) await Task.WhenAll(RefreshAsync(), ProbeAsync(token));
    }

    /// <summary>Looks for gateways once more; whoever asks while that is under way shares it.</summary>
    private Task RefreshAsync()
    {
        lock (_refreshGate) return _refreshing.IsCompleted ? _refreshing = RefreshOnceAsync(_stopping.Token) : _refreshing;
    }

    private async Task RefreshOnceAsync(CancellationToken token)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            var listed = await gateways.GetAsync(isUrgent: _usable.Length == 0, token);
            List<IPEndPoint> missing;
            lock (_open)
            {
                foreach (var (endpoint, gateway) in _open) gateway.IsListed = listed.Contains(endpoint);
                missing = [.. listed.Where(endpoint => !_open.TryGetValue(endpoint, out var known) || known.Connection.IsClosed)];
            }

            if (listed.Count == 0) _problem = "none is known";
            await Task.WhenAll(missing.Select(endpoint => TryOpenAsync(endpoint, token)));
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            _problem = exception.Message;
        }

        Volatile.Write(ref _refreshedAt, time.GetTimestamp());
        Update();
    }

    private async Task TryOpenAsync(IPEndPoint endpoint, CancellationToken token)
    {
        using var limit = new CancellationTokenSource(ConnectLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        try
        {
            var gateway = new Gateway(await open(endpoint, this, either.Token));
            lock (_open) _open[endpoint] = gateway;
            Update();
        }
        catch (Exception exception) when (!token.IsCancellationRequested)
        {
            // Whatever keeps this one from being reached, there may be others, and it is tried again.
            _problem = $"{endpoint}: {(limit.IsCancellationRequested ? $"no answer within {ConnectLimit.TotalSeconds:0} s" : exception.Message)}";
            LogUnreachable(endpoint, exception.Message);
        }
    }

    private async Task ProbeAsync(CancellationToken token)
    {
        Gateway[] all;
        lock (_open) all = [.. _open.Values];
        await Task.WhenAll(all.Select(gateway => ProbeAsync(gateway, token)));
        Update();
    }

    private async Task ProbeAsync(Gateway gateway, CancellationToken token)
    {
        if (gateway.Connection.Peer.Silo is not { } silo) return;
        using var limit = new CancellationTokenSource(ProbeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        try
        {
            await probe(silo, either.Token).WaitAsync(either.Token);
            gateway.Missed = 0;
        }
        catch (Exception) when (!token.IsCancellationRequested)
        {
            gateway.Missed++;

            // The cluster does not name it any more, and it is silent: whoever still waits for it waits in vain.
            if (gateway.IsDoubtful && !gateway.IsListed) gateway.Connection.Close();
        }
    }

    private void Update()
    {
        lock (_open)
        {
            foreach (var (gateway, known) in _open)
            {
                if (known.Connection.IsClosed) _open.Remove(gateway);
            }

            var open = _open.Where(pair => !pair.Value.Connection.IsDraining).OrderBy(pair => pair.Key.Port).Select(pair => pair.Value).ToList();
            var good = open.Where(gateway => !gateway.IsDoubtful).ToList();
            _usable = [.. (good.Count > 0 ? good : open).Select(gateway => gateway.Connection)];
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Gateway {Gateway} cannot be reached: {Reason}")]
    private partial void LogUnreachable(IPEndPoint gateway, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to {Peer} was lost")]
    private partial void LogLost(Peer peer);
}
