using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Messaging;

namespace OrleansCache.Client;

/// <summary>How a region's client reaches its cluster on Microsoft Orleans.</summary>
internal static class ClusterWiring
{
    public static void Connect(IClientBuilder client, BookCacheOptions options, RegionGateways gateways)
    {
        // It brings a list of all regions' gateways, too; ours comes after it and counts.
        if (!gateways.AreNamed)
            client.UseRedisClustering(options.Clustering.Redis);
        client.Services.AddSingleton<IGatewayListProvider>(services => new RegionGatewayList(
            gateways, gateways.AreNamed ? null : services.GetRequiredService<IMembershipTable>(), services.GetRequiredService<ILogger<RegionGatewayList>>()));
        client.Configure<ConnectionOptions>(connection =>
        {
            // A machine that is gone answers nothing, not even that the port is closed; and a silo that was started again is used at once.
            connection.OpenConnectionTimeout = TimeSpan.FromSeconds(2);
            connection.ConnectionRetryDelay = TimeSpan.FromMilliseconds(250);
        });
    }
}
