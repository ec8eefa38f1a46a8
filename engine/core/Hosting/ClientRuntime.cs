using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using OrleansCache.Engine.Directory;
using OrleansCache.Engine.Filters;
using OrleansCache.Engine.Membership;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.Observers;
using OrleansCache.Engine.References;
using OrleansCache.Engine.Routing;
using OrleansCache.Engine.Serialization;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Hosting;

/// <summary>A client: puts its parts together, starts and stops them.</summary>
internal sealed class ClientRuntime : IHostedService, IGrainManifest, IDisposable
{
    private readonly CallTimeouts _timeouts;
    private readonly ClientRouter _router;
    private readonly CallFilters _filters;
    private readonly OwnedTasks _tasks;
    private readonly ITransport _transport;
    private readonly TimeProvider _time;
    private readonly ILogger _connectionLogger;
    private readonly string _clusterId;
    private readonly int _mostFrameBytes;
    private readonly Peer _self;
    private volatile GrainManifest? _manifest;

    public ClientRuntime(
        IServiceProvider services, ITransport transport, InProcessNetwork network, TimeProvider time, IOptions<ClusterOptions> cluster, IOptions<ClientMessagingOptions> messaging,
        IOptions<StaticGatewayListProviderOptions> gateways, IOptions<GatewayOptions> gatewayOptions, ILoggerFactory loggers)
    {
        _transport = transport;
        _time = time;
        _clusterId = cluster.Value.ClusterId;
        _mostFrameBytes = messaging.Value.MaxMessageBodySize;
        _connectionLogger = loggers.CreateLogger<Connection>();
        _tasks = new OwnedTasks(loggers.CreateLogger<OwnedTasks>());
        var id = Guid.NewGuid().ToString("N");
        _self = new Peer(id, null, id);
        _timeouts = new CallTimeouts(time);
        var codec = new ReferenceCodec();
        var serializer = new WireSerializer(codec, EngineCodecs.All);
        _filters = new CallFilters(services, grainsFilter: false);
        var shapes = new ShapeCatalog(serializer, _filters);
        var sender = new CallSender(_timeouts, messaging.Value, loggers.CreateLogger<CallSender>());
        var observers = new ObserverRegistry(id, _tasks, loggers.CreateLogger<ObserverRegistry>());
        References = new ReferenceFactory(shapes, sender, this, observers, codec);
        IPEndPoint[] named = [.. gateways.Value.Gateways.Select(uri => new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port))];
        IGatewayList list = services.GetService<IGatewayList>() ?? (services.GetService<IMembershipTable>() is { } table
            ? new MembershipGateways(table, services.GetService<GatewayFilter>(), gatewayOptions.Value.GatewayListRefreshPeriod, time)
            : new KnownGateways(() => named.Length > 0 ? named : network.GatewaysOf(_clusterId)));
        shapes.Get(typeof(ISiloControl));
        var references = References;
        _router = new ClientRouter(
            observers, new InboundCalls(shapes, serializer, _timeouts), list, OpenAsync, (silo, token) => references.GetGrain<ISiloControl>(SiloControlIds.Of(silo)).ProbeAsync(0, token).AsTask(),
            _tasks, time, loggers.CreateLogger<ClientRouter>());
        sender.Bind(_router);
    }

    public ReferenceFactory References { get; }

    public GrainType GrainTypeOf(string interfaceName, string? classNamePrefix) =>
        (_manifest ?? throw new InvalidOperationException("The client is not connected. Start its host before asking it for grains.")).GrainTypeOf(interfaceName, classNamePrefix);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _filters.Prepare();
        return _router.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _router.StopAsync();
        Dispose();
    }

    public void Dispose()
    {
        _timeouts.Stop("The client has stopped.");
    }

    private async Task<Connection> OpenAsync(IPEndPoint gateway, IConnectionOwner owner, CancellationToken token)
    {
        var pipe = await _transport.ConnectAsync(gateway, token);
        var (peer, manifest) = await Handshake.OpenAsync(pipe, _clusterId, _self, _time, token);
        _manifest = manifest;
        var connection = new Connection(pipe, peer, owner, _mostFrameBytes, _connectionLogger);
        _tasks.Run(connection.ReadAsync);
        return connection;
    }
}
