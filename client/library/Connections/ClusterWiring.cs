using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace OrleansCache.Client;

/// <summary>How a region's client reaches its cluster on Microsoft Orleans.</summary>
internal static class ClusterWiring
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    public static void Connect(IClientBuilder client, CacheClientOptions options, RegionGateways gateways, Action<Exception> failed)
    {
        // It brings a list of all regions' gateways, too; ours comes after it and counts.
        if (!gateways.AreNamed)
            client.UseRedisClustering(options.Clustering.Redis);
        client.Services.AddSingleton<IGatewayListProvider>(services => new RegionGatewayList(
            gateways, gateways.AreNamed ? null : services.GetRequiredService<IMembershipTable>(), services.GetRequiredService<ILogger<RegionGatewayList>>()));
        // Orleans' own filter says nothing of what went wrong, and pauses longer with each try.
        client.UseConnectionRetryFilter(async (error, cancellation) =>
        {
            failed(error);
            await Task.Delay(RetryPause, cancellation).ConfigureAwait(false);
            return true;
        });
        client.Configure<TypeManagementOptions>(types => types.TypeMapRefreshInterval = RetryPause);
        client.Services.AddSingleton<ILifecycleParticipant<IClusterClientLifecycle>, StartedClient>();
        client.Configure<ConnectionOptions>(connection =>
        {
            // A machine that is gone answers nothing, not even that the port is closed; and a silo that was started again is used at once.
            connection.OpenConnectionTimeout = TimeSpan.FromSeconds(2);
            connection.ConnectionRetryDelay = TimeSpan.FromMilliseconds(250);
        });
    }

    /// <summary>
    /// A client asks a gateway what grains there are before it has started, and picks that gateway blindly: when it is gone, the next
    /// one is asked after the time between two such questions. So that time is short until the client has started, and longer afterwards; not the
    /// usual minute, because a gateway that is just starting knows of no grains, and the region would be out of reach for that long.
    /// </summary>
    private sealed class StartedClient(IOptions<TypeManagementOptions> types) : ILifecycleParticipant<IClusterClientLifecycle>
    {
        private static readonly TimeSpan Usual = TimeSpan.FromSeconds(5);

        public void Participate(IClusterClientLifecycle lifecycle) => lifecycle.Subscribe(nameof(StartedClient), ServiceLifecycleStage.Active, _ =>
        {
            types.Value.TypeMapRefreshInterval = Usual;
            return Task.CompletedTask;
        });
    }
}
