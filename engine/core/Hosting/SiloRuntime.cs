using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime.Messaging;
using OrleansCache.Engine.Activation;
using OrleansCache.Engine.Directory;
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
    private readonly CancellationTokenSource _aborting = new();
    private int _isStopped;

    public SiloRuntime(
        IServiceProvider services, ITransport transport, InProcessNetwork network, TimeProvider time, IOptions<ClusterOptions> cluster, IOptions<SiloOptions> silo, IOptions<EndpointOptions> endpoints,
        IOptions<SiloMessagingOptions> messaging, IOptions<GrainCollectionOptions> collection, ILoggerFactory loggers)
    {
        (_services, _transport, _network, _time, _endpoints, _collection) = (services, transport, network, time, endpoints.Value, collection.Value);
        _logger = loggers.CreateLogger<SiloRuntime>();
        _loggers = loggers;
        _mostFrameBytes = messaging.Value.MaxMessageBodySize;
        var address = _endpoints.AdvertisedIPAddress ?? IPAddress.Loopback;
        var self = SiloAddress.New(address, _endpoints.SiloPort, network.NextGeneration(time));
        Details = new LocalSiloDetails(silo.Value.SiloName, cluster.Value.ClusterId, Dns.GetHostName(), self, SiloAddress.New(address, _endpoints.GatewayPort, 0));

        _tasks = new OwnedTasks(loggers.CreateLogger<OwnedTasks>());
        _timeouts = new CallTimeouts(time);
        var codec = new ReferenceCodec();
        _serializer = new WireSerializer(codec, EngineCodecs.All);
        _shapes = new ShapeCatalog(_serializer);
        var sender = new CallSender(_timeouts, messaging.Value, loggers.CreateLogger<CallSender>());
        var observers = new ObserverRegistry(self.ToParsableString(), _tasks, loggers.CreateLogger<ObserverRegistry>());
        References = new ReferenceFactory(_shapes, sender, _classes.Manifest, observers, codec);
        var references = References;
        _shapes.Get(typeof(ISiloControl));
        ISiloControl ControlOf(SiloAddress other) => references.GetGrain<ISiloControl>(SiloControlIds.Of(other));

        var addresses = new AddressCache();
        Membership = new ClusterMembership(network.TableOf(cluster.Value.ClusterId), loggers.CreateLogger<ClusterMembership>());
        var shared = new ActivationShared(self, services, References, _serializer, _timeouts, addresses, _tasks, time, _collection, loggers.CreateLogger<ActivationShared>());
        _catalog = new ActivationCatalog(_classes, shared, _collection);
        _directory = new GrainDirectory(self, Membership, _catalog, ControlOf, time, loggers.CreateLogger<GrainDirectory>());
        _clients = new ClientLinks(self, Membership, addresses, ControlOf);
        _links = new PeerLinks(Membership, OpenAsync, _tasks, time, loggers.CreateLogger<PeerLinks>());
        var placement = new PlacementService(_classes, services, Membership, self);
        var control = new SiloControl(_directory, _clients.Has, _tasks);
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

    /// <summary>Ends the silo as a crash would: nobody is told, connections break.</summary>
    public async Task AbortAsync()
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0) return;
        LogAborting(Details.Name, Details.SiloAddress);
        await _aborting.CancelAsync();
        await CloseAsync();
        await _catalog.DisposeAsync();
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

    private async Task JoinAsync(CancellationToken token)
    {
        await Membership.SetStatusAsync(Details.SiloAddress, Details.Name, SiloStatus.Joining, token);
        Membership.Start();
        foreach (var member in Membership.CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active))
        {
            await ((Task)_links.OpenAsync(member.SiloAddress).AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Membership.SetStatusAsync(Details.SiloAddress, Details.Name, SiloStatus.Active, token);
        _catalog.Start();
        LogActive(Details.Name, Details.SiloAddress);
    }

    private async Task LeaveAsync(CancellationToken token)
    {
        if (Interlocked.Exchange(ref _isStopped, 1) != 0) return;
        try
        {
            await Membership.SetStatusAsync(Details.SiloAddress, Details.Name, SiloStatus.ShuttingDown, token);
            var clients = _clients.All.Select(client => client.DrainPeerAsync()).ToList();
            await _catalog.StopAsync(token);
            var silos = _accepted.Keys.Where(connection => connection.Peer.Silo is not null).Select(silo => silo.DrainPeerAsync());
            await Task.WhenAll([.. clients, .. silos]).WaitAsync(GreetingLimit, _time, token);
            await Task.WhenAll(_accepted.Keys.Select(connection => connection.DrainAsync(token)));
            await Membership.SetStatusAsync(Details.SiloAddress, Details.Name, SiloStatus.Dead, token);
        }
        catch (Exception exception)
        {
            LogLeaveFailed(Details.Name, exception);
        }

        await CloseAsync();

        // What did not end in time does not go on.
        await _catalog.DisposeAsync();
    }

    private async Task CloseAsync()
    {
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
        if (snapshot.GetSiloStatus(Details.SiloAddress) == SiloStatus.Dead && _isStopped == 0) _tasks.Run(AbortAsync);
    }

    private void Accept(IDuplexPipe pipe) => _tasks.Run(() => AcceptAsync(pipe));

    private async Task AcceptAsync(IDuplexPipe pipe)
    {
        Peer? peer = null;
        try
        {
            using var limit = new CancellationTokenSource(GreetingLimit, _time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _aborting.Token);
            peer = await Handshake.AcceptAsync(pipe, Details.ClusterId, Self, _classes.Manifest, either.Token);
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

        var connection = new Connection(pipe, peer, _router, _mostFrameBytes, _loggers.CreateLogger<Connection>());
        _accepted[connection] = peer;
        _clients.Add(connection);
        if (_isStopped != 0) connection.Close();
        await connection.ReadAsync();
        _accepted.TryRemove(connection, out _);
    }

    private async Task<Connection> OpenAsync(SiloAddress silo, CancellationToken token)
    {
        var pipe = await _transport.ConnectAsync(silo.Endpoint, token);
        var (peer, _) = await Handshake.OpenAsync(pipe, Details.ClusterId, Self, _time, token);
        if (!silo.Equals(peer.Silo))
        {
            await pipe.Input.CompleteAsync();
            await pipe.Output.CompleteAsync();
            throw new ConnectionFailedException($"{peer} has taken the place of {silo}.");
        }

        var connection = new Connection(pipe, peer, _router, _mostFrameBytes, _loggers.CreateLogger<Connection>());
        _tasks.Run(connection.ReadAsync);
        return connection;
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
}
