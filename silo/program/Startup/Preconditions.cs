using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCache.Configuration;
using OrleansCache.Redis;
using OrleansCache.Silo.Clustering;
using OrleansCache.Silo.Configuration;
using StackExchange.Redis;

namespace OrleansCache.Silo.Startup;

/// <summary>
/// Checks what a silo needs before it starts: its ports must be free, and the clustering Redis must answer, which is waited for, so that
/// processes and containers can be started in any order.
/// </summary>
internal sealed partial class Preconditions(SiloHostOptions options, SiloPlace place, ILogger<Preconditions> logger)
    : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        CheckPort(nameof(options.Silo.SiloPort), options.Silo.SiloPort);
        CheckPort(nameof(options.Silo.GatewayPort), options.Silo.GatewayPort);
        return options.Clustering.Redis.Length > 0 ? WaitForClusteringAsync(cancellationToken) : Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsTransient(Exception error) => error is RedisException or TimeoutException;

    /// <summary>Orleans sets ReuseAddress, so that two processes can listen on one port, and each gets some of the connections.</summary>
    private void CheckPort(string setting, int port)
    {
        var endpoint = new IPEndPoint(options.Silo.ListenOnAny ? IPAddress.Any : place.Address, port);
        try
        {
            using var listener = new TcpListener(endpoint);
            listener.Start();
        }
        catch (SocketException error)
        {
            throw new IOException(
                $"it cannot listen on {endpoint} ({error.Message}); set another {CacheOptions.Section}:Silo:{setting}, "
                + "or end the program that uses the port.",
                error);
        }
    }

    /// <summary>Asks on a new connection, since the Sentinels may name another primary by now.</summary>
    private static async Task AskAsync(ConfigurationOptions redis, CancellationToken cancellation)
    {
        var opened = await RedisMultiplexer.ConnectAsync(redis).WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await opened.Redis.GetDatabase().PingAsync().WaitAsync(SiloTimeouts.ClusteringPing, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await opened.CloseAsync().ConfigureAwait(false);
        }
    }

    private async Task WaitForClusteringAsync(CancellationToken cancellation)
    {
        var connection = SiloWiring.ParseClusteringRedis(options.Clustering);
        try
        {
            await StartRetry.RunAsync(
                token => AskAsync(connection.Options, token),
                IsTransient,
                error => LogWaiting(connection.Address, error.Message),
                options.StartPatience,
                cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (IsTransient(error))
        {
            throw new TimeoutException(
                $"the clustering Redis {connection.Address} ({CacheOptions.Section}:Clustering:Redis) has not answered within "
                + $"{options.StartPatience}: {error.Message}");
        }
    }

    [LoggerMessage(EventId = 1805, Level = LogLevel.Warning, Message = "Waiting for the clustering Redis {Address}: {Reason}")]
    private partial void LogWaiting(string address, string reason);
}
