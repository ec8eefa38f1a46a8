using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCache.Client;
using OrleansCache.Http;
using OrleansCache.Owners;
using OrleansCache.Placement;
using OrleansCache.Silo.Configuration;
using OrleansCache.Topology;

namespace OrleansCache.Silo.Http;

/// <summary>The silo of this process, as its HTTP server sees it.</summary>
internal sealed class LocalSilo(
    SiloHostOptions options,
    SiloPlace place,
    RegionRoutes routes,
    OwnerPlaces owners,
    RegionalSilos members,
    CatalogReader catalog,
    ILocalSiloDetails details,
    IHostApplicationLifetime lifetime,
    ILoggerFactory logging) : ILocalSilo
{
    /// <inheritdoc/>
    public string Name => options.Silo.Name;

    /// <inheritdoc/>
    public string Region => options.Silo.Region;

    /// <inheritdoc/>
    public bool IsJoined => members.All.Any(silo => silo.Address.Equals(details.SiloAddress));

    /// <inheritdoc/>
    public bool HasRing => routes.Confirmed.IsCompletedSuccessfully && owners.AreKnown.IsCompletedSuccessfully;

    /// <inheritdoc/>
    public bool HasSource => !catalog.HasFailed || routes.Nodes().Any(node => node.Health.State != NodeState.Down);

    /// <inheritdoc/>
    public bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <inheritdoc/>
    public ILoggerFactory Logging => logging;

    /// <inheritdoc/>
    public void ConfigureClient(CacheClientOptions client)
    {
        (client.ClusterId, client.ServiceId) = (options.ClusterId, options.ServiceId);
        (client.Home, client.Slots) = (options.Home, options.Slots);
        client.Clustering.Redis = options.Clustering.Redis;
        client.PropagateTraces = options.PropagateTraces;
        client.OperatorToken = options.OperatorToken;
        var tls = options.Silo.Tls;
        (client.Tls.Certificate, client.Tls.Key, client.Tls.Password) = (tls.Certificate, tls.Key, tls.Password);
        (client.Tls.Authority, client.Tls.Name) = (tls.Authority, tls.Name);
        foreach (var region in options.Regions)
        {
            var entered = new ClientRegionOptions { Name = region.Name };
            foreach (var fallback in region.Fallback)
                entered.Fallback.Add(fallback);
            // Its own region is entered here. Without a clustering Redis the others are, too: any silo passes a call on.
            if (region.Name == Region || options.Clustering.Redis.Length == 0)
                entered.Gateways.Add(new IPEndPoint(place.Address, options.Silo.GatewayPort).ToString());
            client.Regions.Add(entered);
        }
    }
}
