using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansCache.Silo.Settings;
using OrleansCache.Tls;

namespace OrleansCache.Silo.Wiring;

/// <summary>How a silo becomes part of a cluster on the bundled engine, which is for one machine.</summary>
internal static class SiloWiring
{
    private const string Advice = "build with -p:OrleansEngine=microsoft for clusters of machines";

    /// <summary>Settings that this engine cannot serve.</summary>
    public static IEnumerable<string> Problems(HostSettings settings)
    {
        var silo = settings.Silo;
        if (!IsHere(silo.Address))
            yield return $"OrleansCache:Silo:Address is {silo.Address}, but the bundled engine listens on the loopback interface only; leave it 127.0.0.1, or {Advice}.";
        if (silo.ListenOnAny)
            yield return $"OrleansCache:Silo:ListenOnAny is true, but the bundled engine listens on the loopback interface only; leave it false, or {Advice}.";
        foreach (var problem in TlsWiring.Problems(silo.Tls, SiloSettings.TlsSection))
            yield return problem;
        if (HostAddress.TryParse(settings.Clustering.Primary, out var primary) && !IsHere(primary.Host))
            yield return $"OrleansCache:Clustering:Primary is {primary}, but the bundled engine reaches silos of this machine only; give 127.0.0.1 with a port, or {Advice}.";
    }

    public static void Join(ISiloBuilder silo, HostSettings settings, SiloPlace place, IFatalErrorHandler death)
    {
        silo.Services.AddSingleton(death);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (settings.ClusterId, settings.ServiceId));
        if (settings.Clustering.Redis.Length > 0)
        {
            silo.UseRedisClustering(redis => redis.ConfigurationOptions = ClusteringRedis.Parse(settings.Clustering.Redis).Options);
            silo.Configure<EndpointOptions>(endpoints =>
                (endpoints.AdvertisedIPAddress, endpoints.SiloPort, endpoints.GatewayPort) = (place.Address, settings.Silo.SiloPort, settings.Silo.GatewayPort));
        }
        else
        {
            silo.UseLocalhostClustering(settings.Silo.SiloPort, settings.Silo.GatewayPort, place.Primary, settings.ServiceId, settings.ClusterId);
        }

        silo.Configure<ClusterMembershipOptions>(membership => Time(membership, settings.Clustering));
    }

    public static void Enter(IClientBuilder client, HostSettings settings, IPEndPoint gateway) =>
        client.UseLocalhostClustering([gateway.Port], settings.ServiceId, settings.ClusterId);

    private static bool IsHere(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));

    private static void Time(ClusterMembershipOptions membership, ClusteringSettings settings)
    {
        membership.ProbeTimeout = settings.ProbeTimeout;
        membership.NumMissedProbesLimit = settings.MissedProbes;
        membership.NumVotesForDeathDeclaration = settings.Votes;
        membership.TableRefreshTimeout = TimeSpan.FromSeconds(5);
    }
}
