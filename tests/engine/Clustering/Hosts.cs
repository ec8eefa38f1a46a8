using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using OrleansCache.Engine.Tests.Support;
using OrleansCache.Silo.Local;

namespace OrleansCache.Engine.Tests.Clustering;

/// <summary>Silos and clients as programs have them: a host each, and nothing in common but TCP and what they are configured with.</summary>
public sealed class Hosts : IAsyncDisposable
{
    private readonly string _cluster = Guid.NewGuid().ToString("N");
    private readonly List<IHost> _all = [];

    /// <summary>Where a silo listens: for silos, and for clients.</summary>
    public readonly record struct Place(int SiloPort, int GatewayPort)
    {
        /// <summary>Ports that nobody has.</summary>
        public static Place Free() => new(FreePort.Find(), FreePort.Find());

        /// <summary>The endpoint for clients.</summary>
        public IPEndPoint Gateway => new(IPAddress.Loopback, GatewayPort);

        /// <summary>The endpoint for silos.</summary>
        public IPEndPoint Silo => new(IPAddress.Loopback, SiloPort);
    }

    /// <summary>Starts a silo.</summary>
    public async Task<IHost> StartSiloAsync(string name, Place place, Action<ISiloBuilder> join)
    {
        var host = new HostBuilder()
            .UseOrleans((_, silo) =>
            {
                silo.Configure<ClusterOptions>(Name);
                silo.Configure<EndpointOptions>(endpoints => (endpoints.AdvertisedIPAddress, endpoints.SiloPort, endpoints.GatewayPort) = (IPAddress.Loopback, place.SiloPort, place.GatewayPort));
                join(silo);
                silo.Configure<ClusterOptions>(Name);
                silo.Configure<SiloOptions>(options => options.SiloName = name);
                silo.Configure<ClusterMembershipOptions>(options =>
                {
                    options.ProbeTimeout = TimeSpan.FromMilliseconds(600);
                    options.NumMissedProbesLimit = 3;
                    options.TableRefreshTimeout = TimeSpan.FromSeconds(2);
                });
                silo.Services.AddSingleton<StageDoor>();
                silo.AddPlacementDirector<PlaceByKey, PlaceByKeyDirector>();
                silo.AddPlacementDirector<PreferByKey, PlaceByKeyDirector>();
            })
            .Build();
        return await StartAsync(host);
    }

    /// <summary>Starts a client.</summary>
    public async Task<IHost> StartClientAsync(Action<IClientBuilder> enter)
    {
        var host = new HostBuilder()
            .UseOrleansClient((_, client) =>
            {
                enter(client);
                client.Configure<ClusterOptions>(Name);
                client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
            })
            .Build();
        return await StartAsync(host);
    }

    /// <summary>Ends a host as a crash would.</summary>
    public async Task KillAsync(IHost host)
    {
        await host.StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync(host);
    }

    /// <summary>Stops a host in order.</summary>
    public async Task StopAsync(IHost host)
    {
        await host.StopAsync();
        await DisposeAsync(host);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        IHost[] rest;
        lock (_all)
            rest = [.. _all];
        await Task.WhenAll(rest.Select(KillAsync));
    }

    /// <summary>What a host makes references with.</summary>
    public static IGrainFactory Grains(IHost host) => host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The names of the silos that a silo knows to be active.</summary>
    public static string[] Active(IHost silo) =>
        [.. silo.Services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.Name).Order(StringComparer.Ordinal)];

    /// <summary>Waits until a silo knows exactly these to be active.</summary>
    public static Task KnowsAsync(IHost silo, params string[] names) =>
        Until.TrueAsync(() => Active(silo).SequenceEqual(names.Order(StringComparer.Ordinal)), () => $"the silo to know {string.Join(", ", names)}; it knows {string.Join(", ", Active(silo))}");

    /// <summary>Waits until these silos know each other and nobody else, and place grains on each other.</summary>
    public static async Task FormAsync(params IHost[] silos)
    {
        string[] names = [.. silos.Select(silo => silo.Services.GetRequiredService<ILocalSiloDetails>().Name)];
        foreach (var silo in silos)
            await KnowsAsync(silo, names);
        await Settled.WaitAsync([.. silos.Select(silo => silo.Services)]);
    }

    private void Name(ClusterOptions options) => (options.ClusterId, options.ServiceId) = (_cluster, _cluster);

    private async Task<IHost> StartAsync(IHost host)
    {
        lock (_all)
            _all.Add(host);
        await host.StartAsync();
        return host;
    }

    private async Task DisposeAsync(IHost host)
    {
        lock (_all)
            _all.Remove(host);
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            host.Dispose();
    }
}
