using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using OrleansCache.Configuration;
using OrleansCache.Silo.Configuration;

namespace OrleansCache.Silo.Startup;

/// <summary>
/// Fails the start when somebody else listens on one of the silo's ports: an engine may share a port with another process
/// without a word, and both would get a part of the connections.
/// </summary>
internal sealed class PortStart(HostSettings settings, SiloPlace place) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        Check(nameof(settings.Silo.SiloPort), settings.Silo.SiloPort);
        Check(nameof(settings.Silo.GatewayPort), settings.Silo.GatewayPort);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Check(string setting, int port)
    {
        var endpoint = new IPEndPoint(settings.Silo.ListenOnAny ? IPAddress.Any : place.Address, port);
        try
        {
            using var listener = new TcpListener(endpoint);
            listener.Start();
        }
        catch (SocketException error)
        {
            throw new IOException($"it cannot listen on {endpoint} ({error.Message}); give another {CacheSettings.Section}:Silo:{setting}, or end the program that has the port.", error);
        }
    }
}
