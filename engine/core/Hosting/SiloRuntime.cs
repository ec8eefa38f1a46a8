using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using OrleansCache.Engine.Activation;
using OrleansCache.Engine.Directory;
using OrleansCache.Engine.Filters;
using OrleansCache.Engine.Membership;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.Observers;
using OrleansCache.Engine.Placement;
using OrleansCache.Engine.References;
using OrleansCache.Engine.Routing;
using OrleansCache.Engine.Serialization;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Hosting;

/// <summary>A silo: puts its parts together, starts and stops them.</summary>
internal sealed partial class SiloRuntime : IDisposable
{
    private static readonly TimeSpan GreetingLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan QuietLimit = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AskLimit = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AskPeriod = TimeSpan.FromMilliseconds(200);

    /// <summary>A stop is over within ten seconds: this much for what the silo has accepted and for its grains, and the rest for telling the cluster.</summary>
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(1);
    private readonly ILogger<SiloRuntime> _logger;
    private readonly TimeProvider _time;
    private readonly InProcessNetwork _network;
    private readonly ITransport _transport;
    private readonly IServiceProvider _services;
    private readonly EndpointOptions _endpoints;
    private readonly GrainCollectionOptions _collection;
    private readonly int _mostFrameBytes;
    private readonly WireSerializer _serializer;
    private readonly ShapeCatalog _shapes;
    private readonly CallTimeouts _timeouts;
    private readonly OwnedTasks _tasks;
    private readonly GrainClasses _classes = GrainClasses.Discover();
    private readonly ActivationCatalog _catalog;
    private readonly GrainDirectory _directory;
    private readonly PeerLinks _links;
    private readonly ClientLinks _clients;
    private readonly SiloRouter _router;
    private readonly ILoggerFactory _loggers;
    private readonly ConcurrentDictionary<Connection, Peer> _accepted = new();
    private readonly List<IDisposable> _listeners = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly ClusterMembershipOptions _liveness;
    private readonly PauseGate _gate;
    private readonly DeathWatch _watch;
    private readonly Func<SiloAddress, ISiloControl> _controls;
    private volatile bool _wasMember;
    private int _isStopped;

    public SiloRuntime(
        IServiceProvider services, ITransport transport, InProcessNetwork network, TimeProvider time, IOptions<ClusterOptions> cluster, IOptions<SiloOptions> silo, IOptions<EndpointOptions> endpoints,
        IOptions<SiloMessagingOptions> messaging, IOptions<GrainCollectionOptions> collection, IOptions<ClusterMembershipOptions> liveness, IOptions<PrimarySiloOptions> primary, ILoggerFactory loggers)
    {
        (_services, _transport, _network, _time, _endpoints, _collection, _liveness, _loggers) = (services, transport, network, time, endpoints.Value, collection.Value, liveness.Value, loggers);
        _logger = loggers.CreateLogger<SiloRuntime>();
        _mostFrameBytes = messaging.Value.MaxMessageBodySize;
        var address = _endpoints.AdvertisedIPAddress ?? IPAddress.Loopback;
        var self = SiloAddress.New(address, _endpoints.SiloPort, network.NextGeneration(time));
        Details = new LocalSiloDetails(silo.Value.SiloName, cluster.Value.ClusterId, Dns.GetHostName(), self, SiloAddress.New(address, _endpoints.GatewayPort, 0));

        _tasks = new OwnedTasks(loggers.CreateLogger<OwnedTasks>());
        _timeouts = new CallTimeouts(time);
        var codec = new ReferenceCodec();
        _serializer = new WireSerializer(codec, EngineCodecs.All);
        _shapes = new ShapeCatalog(_serializer, new CallFilters(services, _classes.HaveFilters));
        var sender = new CallSender(_timeouts, messaging.Value, loggers.CreateLogger<CallSender>());
        var observers = new ObserverRegistry(self.ToParsableString(), _tasks, loggers.CreateLogger<ObserverRegistry>());
        References = new ReferenceFactory(_shapes, sender, _classes.Manifest, observers, codec);
        var references = References;
        _shapes.Get(typeof(ISiloControl));
        ISiloControl ControlOf(SiloAddress other) => references.GetGrain<ISiloControl>(SiloControlIds.Of(other));
        _controls = ControlOf;

        var addresses = new AddressCache();
        var table = FindTable(primary.Value.Endpoint);
        var row = new MemberRow(self, Details.Name, SiloStatus.Joining, _endpoints.GatewayPort, time.GetUtcNow(), []);
        Membership = new ClusterMembership(table, row, _liveness, time, loggers.CreateLogger<ClusterMembership>()) { Announce = Announce, AskOthers = AskOthersAsync };
        _gate = new PauseGate(_liveness.ProbeTimeout * Math.Max(1, _liveness.NumMissedProbesLimit - 1), IsStillMemberAsync, time);
        _watch = new DeathWatch(self, Membership, (other, version, token) => ControlOf(other).ProbeAsync(version, token).AsTask(), _liveness, time, loggers.CreateLogger<DeathWatch>());
        var shared = new ActivationShared(self, services, services.GetRequiredService<ServiceLifetimes>(), References, _serializer, _timeouts, addresses, _tasks, time, _collection, loggers.CreateLogger<ActivationShared>());
        _catalog = new ActivationCatalog(_classes, shared, _collection);
        _directory = new GrainDirectory(self, Membership, _catalog, ControlOf, time, loggers.CreateLogger<GrainDirectory>());
        _clients = new ClientLinks(self, Membership, addresses, ControlOf);
        _links = new PeerLinks(Membership, OpenAsync, _tasks, time, loggers.CreateLogger<PeerLinks>());
        var placement = new PlacementService(_classes, services, Membership, self);
        var control = new SiloControl(_directory, Membership, table as InProcessMembershipTable, _clients.Has, _tasks);
        _router = new SiloRouter(
            self, _catalog, _directory, addresses, placement, _links, _clients, control, observers, Membership, new InboundCalls(_shapes, _serializer, _timeouts), _tasks, time, loggers.CreateLogger<SiloRouter>());
        shared.Bind(_catalog, _router, _directory);
        sender.Bind(_router);
        Membership.Listen(_directory.OnMembership);
        Membership.Listen(OnMembership);
    }

    public LocalSiloDetails Details { get; }

    public ClusterMembership Membership { get; }

    public ReferenceFactory References { get; }

    public ActivationCatalog Activations => _catalog;

    public GrainDirectory Directory => _directory;

    private Peer Self => new(Details.Name, Details.SiloAddress, null);

    public void Participate(SiloLifecycle lifecycle)
    {
        lifecycle.Subscribe("Validation", ServiceLifecycleStage.RuntimeInitialize, _ =>
        {
            StartupChecks.Check(_collection, _classes, _serializer, _shapes, _services);
            return Task.CompletedTask;
        });
        lifecycle.Subscribe("Listeners", ServiceLifecycleStage.RuntimeServices, _ =>
        {
            Listen();
            return Task.CompletedTask;
        });
        lifecycle.Subscribe("Membership", ServiceLifecycleStage.BecomeActive, JoinAsync, LeaveAsync);
    }

    /// <summary>Ends the silo as a crash would: nobody is told, connections break. False when it has ended already.</summary>
    public async Task<bool> AbortAsync()
    {
        _gate.Shut();
        if (Interlocked.Exchange(ref _isStopped, 1) != 0) return false;
        LogAborting(Details.Name, Details.SiloAddress);
        await CloseAsync();
        await _catalog.DisposeAsync();
        return true;
    }

    /// <summary>Waits for what still goes on in the background, but not for ever: a grain's own code may be a part of it.</summary>
    public async Task WhenQuietAsync()
    {
        try
        {
            await _tasks.WhenIdleAsync().WaitAsync(QuietLimit, _time);
        }
        catch (TimeoutException)
        {
            LogNotQuiet(Details.Name);
        }
    }

    public void Dispose()
    {
        foreach (var listener in _listeners) listener.Dispose();
        _timeouts.Stop("The silo has stopped.");
    }

    private void Listen()
    {
        _listeners.Add(_transport.Listen(Details.SiloAddress.Endpoint, Accept));
        if (_endpoints.GatewayPort == 0) return;
        _listeners.Add(_transport.Listen(Details.GatewayAddress.Endpoint, Accept));
        _listeners.Add(_network.AnnounceGateway(Details.ClusterId, Details.GatewayAddress.Endpoint));
    }

    private IMembershipTable FindTable(IPEndPoint? primary)
    {
        if (_services.GetService(typeof(IMembershipTable)) is IMembershipTable given) return given;
        if (primary is null || primary.Equals(Details.SiloAddress.Endpoint) || _network.HasTableOf(Details.ClusterId)) return _network.TableOf(Details.ClusterId);
        return new PrimaryMembershipTable(primary, token => IdentifyAsync(primary, token), _controls, _time);
    }

    private async Task JoinAsync(CancellationToken token)
    {
        using var limit = new CancellationTokenSource(_liveness.MaxJoinAttemptTime, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        try
        {
            RunUntilTheEnd(BeatAsync);
            await Membership.SetStatusAsync(SiloStatus.Joining, either.Token);
            Membership.Start();
            await Membership.SettleAsync(either.Token);
            var others = Membership.State.Rows.Values.Where(row => row.Status == SiloStatus.Active).Select(row => _links.OpenAsync(row.Silo).AsTask());
            await ((Task)Task.WhenAll(others)).WaitAsync(_liveness.ProbeTimeout * _liveness.NumMissedProbesLimit, _time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Membership.SetStatusAsync(SiloStatus.Active, either.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new OrleansException($"{Details.Name} could not join the cluster '{Details.ClusterId}' within {_liveness.MaxJoinAttemptTime}. Is the membership table reachable?");
        }

        _catalog.Start();
        RunUntilTheEnd(_watch.RunAsync);
        LogActive(Details.Name, Details.SiloAddress);
    }

    private async Task LeaveAsync(CancellationToken token)
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0) return;
        using var limit = new CancellationTokenSource(LeaveLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        try
        {
            await TrySetStatusAsync(SiloStatus.ShuttingDown, either.Token);
            var clients = _clients.All.Select(client => client.DrainPeerAsync()).ToList();
            await _catalog.StopAsync(either.Token);
            var silos = _accepted.Keys.Where(connection => connection.Peer.Silo is not null).Select(silo => silo.DrainPeerAsync());
            await Task.WhenAll([.. clients, .. silos]).WaitAsync(either.Token);
            await Task.WhenAll(_accepted.Keys.Select(connection => connection.DrainAsync(either.Token)));

            // Sent is not received: whoever learns first that this silo has left closes the connection, with answers in it that were not read.
            await Task.WhenAll(_accepted.Keys.Select(connection => connection.DrainPeerAsync())).WaitAsync(either.Token);
        }
        catch (Exception exception)
        {
            // What is still under way is not answered any more: others may take it up as soon as this silo has left.
            _gate.Shut();
            LogLeaveFailed(Details.Name, exception);
        }

        await TrySetStatusAsync(SiloStatus.Dead, token);
        await CloseAsync();

        // What did not end in time does not go on.
        await _catalog.DisposeAsync();
    }

    /// <summary>Tells the cluster, unless that takes too long: the others find out by themselves then.</summary>
    private async Task TrySetStatusAsync(SiloStatus status, CancellationToken token)
    {
        using var limit = new CancellationTokenSource(FarewellLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        try
        {
            await Membership.SetStatusAsync(status, either.Token);
        }
        catch (Exception exception)
        {
            LogFarewellFailed(Details.Name, status, exception.Message);
        }
    }

    private async Task CloseAsync()
    {
        await _ending.CancelAsync();
        foreach (var listener in _listeners) listener.Dispose();
        foreach (var connection in _accepted.Keys) connection.Close();
        await _links.StopAsync();
        await _directory.StopAsync();
        await Membership.StopAsync();
        _timeouts.Stop($"Silo {Details.Name} has stopped.");
    }

    private void OnMembership(ClusterMembershipSnapshot snapshot)
    {
        _links.OnMembership(snapshot, Details.SiloAddress);
        foreach (var connection in _accepted.Keys)
        {
            if (IsDead(connection.Peer, snapshot)) connection.Close();
        }

        var isMember = snapshot.GetSiloStatus(Details.SiloAddress) is not (SiloStatus.Dead or SiloStatus.None);
        if (_wasMember && !isMember && _isStopped == 0)
        {
            _gate.Shut();
            _tasks.Run(() => EndAsync("the membership table says so"));
        }

        _wasMember |= isMember;
    }

    /// <summary>The cluster has declared this silo dead, and others may have its grains by now.</summary>
    private async Task EndAsync(string reason)
    {
        if (await AbortAsync()) ((IFatalErrorHandler)_services.GetService(typeof(IFatalErrorHandler))!).OnFatalException(this, $"The cluster has declared this silo, {Details.Name} {Details.SiloAddress}, dead: {reason}.");
    }

    private static bool IsDead(Peer peer, ClusterMembershipSnapshot snapshot) => peer.Silo is { } silo && snapshot.GetSiloStatus(silo) == SiloStatus.Dead;

    private async Task BeatAsync(CancellationToken token)
    {
        using var timer = new PeriodicTimer(_liveness.ProbeTimeout / 5, _time);
        do _gate.Beat();
        while (await timer.WaitForNextTickAsync(token));
    }

    private void RunUntilTheEnd(Func<CancellationToken, Task> work) => _tasks.Run(async () =>
    {
        try
        {
            await work(_ending.Token);
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // This is the end.
        }
    });

    /// <summary>After a pause: whether this silo is still what it was to the others. Waits until the table or another silo has said so.</summary>
    private async Task<bool> IsStillMemberAsync()
    {
        // A silo that is about to join has nothing that others could have taken over.
        if (!_wasMember) return true;
        LogPaused(Details.Name);
        while (_isStopped == 0)
        {
            if (await Membership.TryReadAsync()) return Membership.CurrentSnapshot.GetSiloStatus(Details.SiloAddress) is not (SiloStatus.Dead or SiloStatus.None);
            var others = Membership.State.Rows.Values.Where(row => row.IsAlive && !row.Silo.Equals(Details.SiloAddress)).Select(row => AcceptsAsync(row.Silo)).ToList();
            var answers = await Task.WhenAll(others);
            if (answers.Contains(false))
            {
                _tasks.Run(() => EndAsync("another silo says so"));
                return false;
            }

            if (others.Count == 0 || answers.Contains(true)) return true;
            await Task.Delay(AskPeriod, _time);
        }

        return false;
    }

    /// <summary>Whether the silo takes this one for alive; null when it cannot be asked.</summary>
    private async Task<bool?> AcceptsAsync(SiloAddress silo)
    {
        try
        {
            using var limit = new CancellationTokenSource(AskLimit, _time);
            await IdentifyAsync(silo.Endpoint, limit.Token).WaitAsync(limit.Token);
            return true;
        }
        catch (DeclaredDeadException)
        {
            return false;
        }
        catch (Exception)
        {
            // It cannot be asked, whatever the reason.
            return null;
        }
    }

    /// <summary>Who is at an endpoint.</summary>
    private async Task<SiloAddress> IdentifyAsync(IPEndPoint endpoint, CancellationToken token)
    {
        var pipe = await _transport.ConnectAsync(endpoint, token);
        var (peer, _) = await Handshake.OpenAsync(pipe, Details.ClusterId, Self, _time, token);
        await pipe.Output.CompleteAsync();
        await pipe.Input.CompleteAsync();
        return peer.Silo ?? throw new ConnectionFailedException($"No silo is at {endpoint}.");
    }

    private void Announce(MembershipState state)
    {
        var text = MembershipText.Write(state);
        foreach (var row in state.Rows.Values)
        {
            if (row.IsAlive && _links.Get(row.Silo) is not null) _tasks.Run(() => _controls(row.Silo).AnnounceAsync(text).AsTask());
        }
    }

    private async Task<MembershipState?> AskOthersAsync(CancellationToken token)
    {
        using var limit = new CancellationTokenSource(AskLimit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, token);
        var answers = await Task.WhenAll(Membership.State.Rows.Values.Where(row => row.IsAlive && _links.Get(row.Silo) is not null).Select(row => AskAsync(row.Silo, either.Token)));
        return answers.MaxBy(state => state?.Version ?? 0);
    }

    private async Task<MembershipState?> AskAsync(SiloAddress silo, CancellationToken token)
    {
        try
        {
            return MembershipText.Read(await _controls(silo).GetMembershipAsync(token));
        }
        catch (Exception exception) when (exception is OrleansException or OperationCanceledException or TimeoutException)
        {
            return null;
        }
    }

    private void Accept(IDuplexPipe pipe) => _tasks.Run(() => AcceptAsync(pipe));

    private async Task AcceptAsync(IDuplexPipe pipe)
    {
        Peer? peer = null;
        try
        {
            using var limit = new CancellationTokenSource(GreetingLimit, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _ending.Token);
            peer = await Handshake.AcceptAsync(pipe, Details.ClusterId, Self, _classes.Manifest, other => IsDead(other, Membership.CurrentSnapshot), either.Token);
        }
        catch (OperationCanceledException)
        {
            LogGreetingFailed(pipe, $"no greeting came within {GreetingLimit.TotalSeconds:0} s, or before the silo stopped.");
        }
        catch (Exception exception)
        {
            LogGreetingFailed(pipe, exception.Message);
        }

        if (peer is null)
        {
            await pipe.Input.CompleteAsync();
            await pipe.Output.CompleteAsync();
            return;
        }

        var connection = new Connection(new GatedPipe(pipe, _gate), peer, _router, _mostFrameBytes, _loggers.CreateLogger<Connection>());
        _accepted[connection] = peer;
        _clients.Add(connection);
        if (_isStopped != 0) connection.Close();
        await connection.ReadAsync();
        _accepted.TryRemove(connection, out _);
    }

    private async Task<Connection> OpenAsync(SiloAddress silo, CancellationToken token)
    {
        var pipe = await _transport.ConnectAsync(silo.Endpoint, token);
        Peer peer;
        try
        {
            (peer, _) = await Handshake.OpenAsync(pipe, Details.ClusterId, Self, _time, token);
        }
        catch (DeclaredDeadException)
        {
            _tasks.Run(CheckOnSelfAsync);
            throw;
        }

        if (!silo.Equals(peer.Silo))
        {
            await pipe.Input.CompleteAsync();
            await pipe.Output.CompleteAsync();
            throw new SiloGoneException($"{peer} has taken the place of {silo}.");
        }

        var connection = new Connection(new GatedPipe(pipe, _gate), peer, _router, _mostFrameBytes, _loggers.CreateLogger<Connection>());
        _tasks.Run(connection.ReadAsync);
        return connection;
    }

    /// <summary>Another silo takes this one for dead. It has that from the table, so unless the table denies it, it is true.</summary>
    private async Task CheckOnSelfAsync()
    {
        if (!await Membership.TryReadAsync()) await EndAsync("another silo says so");
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Name} has stopped while some of its work still went on")]
    private partial void LogNotQuiet(string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Name} {Silo} is active")]
    private partial void LogActive(string name, SiloAddress silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Name} {Silo} ends without a farewell")]
    private partial void LogAborting(string name, SiloAddress silo);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Name} could not leave the cluster in order")]
    private partial void LogLeaveFailed(string name, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection from {Address} was not accepted: {Reason}")]
    private partial void LogGreetingFailed(IDuplexPipe address, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Name} could not tell the cluster that it is {Status}: {Reason}")]
    private partial void LogFarewellFailed(string name, SiloStatus status, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Silo {Name} was not running for a while; it answers nothing before it knows whether it is still a member")]
    private partial void LogPaused(string name);
}
