using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;
using OrleansCache.Connections;

namespace OrleansCache.Client;

/// <summary>Configures the Orleans client of one region.</summary>
internal static class ClusterWiring
{
    public static void Connect(IClientBuilder client, CacheClientOptions options, RegionGateways gateways, Action<Exception> failed)
    {
        // Redis clustering registers a list of the gateways of all regions; the one below is registered later, and so it is used.
        if (!gateways.AreNamed)
            client.UseRedisClustering(SecretReference.Expand(options.Clustering.Redis));
        client.Services.AddSingleton<IGatewayListProvider>(services => new RegionGatewayList(
            gateways,
            gateways.AreNamed ? null : services.GetRequiredService<IMembershipTable>(),
            services.GetRequiredService<ILogger<RegionGatewayList>>()));
        // Orleans' own filter does not report the error, and its pauses grow.
        client.UseConnectionRetryFilter(async (error, cancellation) =>
        {
            failed(error);
            await Task.Delay(ConnectionTimeouts.RetryPause, cancellation).ConfigureAwait(false);
            return true;
        });
        client.Configure<TypeManagementOptions>(types => types.TypeMapRefreshInterval = ConnectionTimeouts.RetryPause);
        client.Services.AddSingleton<ILifecycleParticipant<IClusterClientLifecycle>, StartedClient>();
        client.Configure<ConnectionOptions>(connection =>
        {
            connection.OpenConnectionTimeout = ConnectionTimeouts.Socket;
            connection.ConnectionRetryDelay = ConnectionTimeouts.RetryPause;
        });
        client.Configure<ClientConnectionOptions>(connection =>
            connection.ConfigureConnection(new SilenceWatch(TimeProvider.System).Use));
    }

    /// <summary>
    /// Before a client has started it asks a gateway for the types of grains, and picks that gateway without knowing whether it is alive:
    /// if it is not, the next one is asked after the refresh interval. So the interval is short until the client has started, and longer
    /// afterwards. It is not Orleans' default of a minute, because a gateway that is just starting knows no types, and the region would not
    /// be used for that long.
    /// </summary>
    private sealed class StartedClient(IOptions<TypeManagementOptions> types) : ILifecycleParticipant<IClusterClientLifecycle>
    {
        public void Participate(IClusterClientLifecycle lifecycle) => lifecycle.Subscribe(
            nameof(StartedClient),
            ServiceLifecycleStage.Active,
            _ =>
            {
                types.Value.TypeMapRefreshInterval = ConnectionTimeouts.TypesRefresh;
                return Task.CompletedTask;
            });
    }
}
