using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansCache.Connections;
using OrleansCache.Redis;
using OrleansCache.Silo.Configuration;
using OrleansCache.Tls;
using StackExchange.Redis;

namespace OrleansCache.Silo.Clustering;

/// <summary>How silos form a cluster, and how a client connects to one silo of it.</summary>
internal static class SiloWiring
{
    /// <summary>How long connecting to the clustering Redis, or a call of it, may take. The membership table is read again soon.</summary>
    private const int ClusteringRedisMilliseconds = 2_000;

    /// <summary>How often a silo reads the membership table, and says in it that it is alive.</summary>
    private static readonly TimeSpan TablePeriod = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The connections between two silos, which messages use in turn. A lost packet holds up what is behind it on its own connection only:
    /// between regions that are far apart, where a retransmission takes a round trip and 200 ms, that is the tail of all calls.
    /// </summary>
    private const int ConnectionsPerSilo = 4;

    /// <summary>
    /// How long opening a connection to another silo may take, then how soon it is tried again. Above a few round trips and one lost
    /// packet; short, because each try sends a packet of its own, and they bound how long silos stay apart after a cut.
    /// </summary>
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Makes a silo a member of its cluster.</summary>
    public static void Join(this ISiloBuilder silo, SiloHostOptions options, SiloPlace place)
    {
        silo.Configure<SiloOptions>(self => self.SiloName = options.Silo.Name);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, options.ServiceId));
        if (options.Clustering.Redis.Length > 0)
            JoinThroughRedis(silo, options);
        else
            silo.UseDevelopmentClustering(place.Primary ?? new(place.Address, options.Silo.SiloPort));
        silo.ConfigureEndpoints(place.Address, options.Silo.SiloPort, options.Silo.GatewayPort, options.Silo.ListenOnAny);
        silo.Configure<ClusterMembershipOptions>(membership => Configure(membership, options.Clustering));
        silo.Configure<ConnectionOptions>(connection =>
        {
            connection.ConnectionsPerEndpoint = ConnectionsPerSilo;
            connection.OpenConnectionTimeout = OpenTimeout;
            connection.ConnectionRetryDelay = RetryPause;
        });
        var watch = new SilenceWatch(TimeProvider.System);
        silo.Configure<SiloConnectionOptions>(connection =>
        {
            connection.ConfigureSiloOutboundConnection(watch.Use);
            connection.ConfigureSiloInboundConnection(watch.Use);
        });
        if (options.Silo.Tls.IsOn)
            silo.Encrypt(options.Silo.Tls);
    }

    private static void Encrypt(this ISiloBuilder silo, TlsCertificateOptions settings) => silo.Services
        .AddOptions<SiloConnectionOptions>().Configure<ILogger<TlsIdentity>>((connections, logger) =>
        {
            var identity = new TlsIdentity(settings, TimeProvider.System, logger);
            var (toSilo, fromSilo) = (TlsCertificates.ToSilo(identity), TlsCertificates.FromSilo(identity));
            var fromClient = TlsCertificates.FromClient(identity);
            connections.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(toSilo));
            connections.ConfigureSiloInboundConnection(connection => connection.UseServerTls(fromSilo));
            connections.ConfigureGatewayInboundConnection(connection => connection.UseServerTls(fromClient));
        });

    /// <exception cref="InvalidTopologyException">The connection string is invalid.</exception>
    public static RedisConnection ParseClusteringRedis(SiloClusteringOptions clustering)
    {
        var connection = clustering.Redis;
        var parsed = RedisConnection.Parse(connection, clustering.Tls);
        // A running silo goes on without it, and the connection comes back by itself; Orleans waits for each call.
        parsed.Options.AbortOnConnectFail = false;
        parsed.Options.BacklogPolicy = BacklogPolicy.Default;
        if (!Contains("connectTimeout"))
            parsed.Options.ConnectTimeout = ClusteringRedisMilliseconds;
        if (!Contains("syncTimeout"))
            parsed.Options.SyncTimeout = ClusteringRedisMilliseconds;
        return parsed;

        bool Contains(string name) => connection.Contains($"{name}=", StringComparison.OrdinalIgnoreCase);
    }

    private static void JoinThroughRedis(ISiloBuilder silo, SiloHostOptions options)
    {
        silo.UseRedisClustering(redis => redis.ConfigurationOptions = ParseClusteringRedis(options.Clustering).Options);
        var store = silo.Services.Last(service => service.ServiceType == typeof(IMembershipTable));
        silo.Services.AddKeyedSingleton(
            RestoringMembershipTable.Store,
            (services, _) => (IMembershipTable)(store.ImplementationFactory?.Invoke(services)
                ?? ActivatorUtilities.CreateInstance(services, store.ImplementationType!)));
        silo.Services.AddSingleton<IMembershipTable, RestoringMembershipTable>();
    }

    private static void Configure(ClusterMembershipOptions membership, SiloClusteringOptions options)
    {
        // Orleans adapts the timeout to the answers of each silo, which covers distance and loss, and extends it while this silo is late
        // itself. The least is the setting, so that the time of a fail-over within a region is predictable.
        membership.ProbeTimeout = membership.MinProbeTimeout = options.ProbeTimeout;
        membership.MaxProbeTimeout = SiloClusteringOptions.MostProbeTimeouts * options.ProbeTimeout;
        membership.NumMissedProbesLimit = options.MissedProbes;
        membership.NumVotesForDeathDeclaration = options.Votes;
        membership.EnableIndirectProbes = true;
        // A silo that was paused, or that gossip did not reach, learns of changes from the table.
        membership.TableRefreshTimeout = TablePeriod;
        // When all silos were lost at once, the next one to start waits until the table shows them as silent: two periods.
        membership.IAmAliveTablePublishTimeout = TablePeriod;
        membership.NumMissedTableIAmAliveLimit = 2;
    }
}
