using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansCache.Silo.Configuration;
using OrleansCache.Tls;

namespace OrleansCache.Silo.Clustering;

/// <summary>How a silo becomes part of a cluster on Microsoft Orleans.</summary>
internal static class SiloWiring
{
    /// <summary>Settings that this engine cannot serve.</summary>
    public static IEnumerable<string> Problems(HostSettings settings) => TlsCertificates.Problems(settings.Silo.Tls, SiloSettings.TlsSection);

    public static void Join(ISiloBuilder silo, HostSettings settings, SiloPlace place, IFatalErrorHandler death)
    {
        silo.Services.AddSingleton(death);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
        if (settings.Clustering.Redis.Length > 0)
            JoinThroughRedis(silo, settings);
        else
            silo.UseDevelopmentClustering(place.Primary ?? new(place.Address, settings.Silo.SiloPort));
        silo.ConfigureEndpoints(place.Address, settings.Silo.SiloPort, settings.Silo.GatewayPort, settings.Silo.ListenOnAny);
        ConfigureRuntime(silo, settings.Clustering);
        if (settings.Silo.Tls.IsOn)
            silo.UseTls(TlsCertificates.Load(settings.Silo.Tls), tls => TlsCertificates.Configure(tls, settings.Silo.Tls));
    }

    /// <summary>What Orleans is set to beyond its transport and its membership table; tests set their silos to the same.</summary>
    public static void ConfigureRuntime(ISiloBuilder silo, ClusteringSettings settings)
    {
        SendableTypes.Require(silo);
#pragma warning disable ORLEANSEXP003 // The other directory may activate a grain twice for a while when silos come and go.
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        // The directory would keep what a dead silo had from being activated anew for half a minute, in case that silo only seems to be
        // dead. Readers cannot wait for that, and a second activation gives no answer here that a single one would not.
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
        // A grain that ends signs off at another silo; when all silos stop at once that one may be gone, and is asked again and again.
        silo.Configure<GrainCollectionOptions>(collection => collection.DeactivationTimeout = TimeSpan.FromSeconds(3));
        silo.Configure<ClusterMembershipOptions>(membership => Time(membership, settings));
    }

    public static void Enter(IClientBuilder client, HostSettings settings, IPEndPoint gateway)
    {
        client.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
        client.UseStaticClustering(gateway);
        if (settings.Silo.Tls.IsOn)
            client.UseTls(TlsCertificates.Load(settings.Silo.Tls), tls => TlsCertificates.Configure(tls, settings.Silo.Tls));
    }

    private static void JoinThroughRedis(ISiloBuilder silo, HostSettings settings)
    {
        silo.UseRedisClustering(redis => redis.ConfigurationOptions = ClusteringRedis.Parse(settings.Clustering.Redis).Options);
        var store = silo.Services.Last(service => service.ServiceType == typeof(IMembershipTable));
        silo.Services.AddKeyedSingleton(
            RestoringMembershipTable.Store,
            (services, _) => (IMembershipTable)(store.ImplementationFactory?.Invoke(services) ?? ActivatorUtilities.CreateInstance(services, store.ImplementationType!)));
        silo.Services.AddSingleton<IMembershipTable, RestoringMembershipTable>();
    }

    private static void Time(ClusterMembershipOptions membership, ClusteringSettings settings)
    {
        // The engine would stretch and shrink the time by what it has seen; a fixed one keeps fail-over predictable.
        membership.ProbeTimeout = membership.MinProbeTimeout = membership.MaxProbeTimeout = settings.ProbeTimeout;
        membership.NumMissedProbesLimit = settings.MissedProbes;
        membership.NumVotesForDeathDeclaration = settings.Votes;
        membership.EnableIndirectProbes = true;
        // A silo that was away, or that gossip did not reach, learns from the table what became of the cluster.
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
        // When all silos were lost at once, the next one to start waits until they count as silent.
        membership.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(5);
        membership.NumMissedTableIAmAliveLimit = 2;
    }
}
