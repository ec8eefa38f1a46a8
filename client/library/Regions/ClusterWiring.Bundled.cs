using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCache.Engine.Membership;
using OrleansCache.Engine.Routing;

namespace OrleansCache.Client;

/// <summary>How a region's client reaches its cluster on the bundled engine, which is on this machine.</summary>
internal static class ClusterWiring
{
    /// <summary>This engine tries once, so <paramref name="failed"/> is not called: the start itself fails.</summary>
    public static void Connect(IClientBuilder client, BookCacheOptions options, RegionGateways gateways, Action<Exception> failed)
    {
        ArgumentNullException.ThrowIfNull(failed);
        if (!gateways.AreNamed)
            client.UseRedisClustering(options.Clustering.Redis);
        client.Services.AddSingleton<IGatewayList>(services => new RegionGatewayList(gateways, gateways.AreNamed ? null : Members(services, gateways)));
    }

    private static MembershipGateways Members(IServiceProvider services, RegionGateways gateways) => new(
        services.GetRequiredService<IMembershipTable>(), new GatewayFilter(gateways.IsOf), RegionGateways.RefreshPeriod, services.GetRequiredService<TimeProvider>());
}
