using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Hosting;

namespace OrleansCache.Engine.Internals.Tests.Network;

/// <summary>A silo on real sockets, as a process of its own would have it, and clients of it.</summary>
internal sealed class TcpSilo : IAsyncDisposable
{
    public const string Cluster = "tcp";
    private const int Attempts = 10;
    private readonly IHost _host;
    private readonly List<IHost> _clients = [];

    private TcpSilo(IHost host, IPEndPoint gateway, LogLines log) => (_host, Gateway, Log) = (host, gateway, log);

    /// <summary>Where clients connect.</summary>
    public IPEndPoint Gateway { get; }

    /// <summary>What the silo has logged.</summary>
    public LogLines Log { get; }

    /// <summary>Makes references within the silo.</summary>
    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<TcpSilo> StartAsync(TimeProvider? time = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            var (silo, gateway, log) = (FreePort(), FreePort(), new LogLines());
            var builder = Host.CreateEmptyApplicationBuilder(null);
            builder.Logging.AddProvider(log);
            builder.Services.AddSingleton(time ?? TimeProvider.System);
            builder.UseOrleans(orleans => orleans.UseLocalhostClustering(silo, gateway, null, Cluster, Cluster));
            var host = builder.Build();
            try
            {
                await host.StartAsync();
                return new TcpSilo(host, new IPEndPoint(IPAddress.Loopback, gateway), log);
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
                // Somebody else has taken the port since it was found free.
                host.Dispose();
            }
        }
    }

    public async Task<IGrainFactory> ConnectAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (Cluster, Cluster));
            client.UseStaticClustering(Gateway);
        });
        var host = builder.Build();
        _clients.Add(host);
        await host.StartAsync();
        return host.Services.GetRequiredService<IClusterClient>();
    }

    /// <summary>A bare connection to the gateway.</summary>
    public async Task<Socket> ConnectRawAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(Gateway);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            await client.StopAsync();
            client.Dispose();
        }

        await _host.StopAsync();
        _host.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
