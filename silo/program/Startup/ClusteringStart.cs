using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCache.Configuration;
using OrleansCache.Silo.Configuration;
using StackExchange.Redis;

namespace OrleansCache.Silo.Startup;

/// <summary>Waits at the silo's start until the clustering Redis answers: processes and containers start in any order.</summary>
internal sealed partial class ClusteringStart(HostSettings settings, ILogger<ClusteringStart> logger) : IHostedLifecycleService
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(2);

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (settings.Clustering.Redis.Length == 0)
            return;
        var connection = ClusteringRedis.Parse(settings.Clustering.Redis);
        try
        {
            var redis = await ConnectionMultiplexer.ConnectAsync(connection.Options).WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                await StartRetry.RunAsync(
                    async cancellation => await redis.GetDatabase().PingAsync().WaitAsync(Answer, cancellation).ConfigureAwait(false),
                    MayPass,
                    error => LogWaiting(logger, connection.Address, error.Message),
                    settings.StartPatience,
                    cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                // Disposing of it would wait for the server to say goodbye, for as long as any call may take.
                await redis.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (MayPass(error))
        {
            throw new TimeoutException($"the clustering Redis {connection.Address} (OrleansCache:Clustering:Redis) has not answered within {settings.StartPatience}: {error.Message}");
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool MayPass(Exception error) => error is RedisException or TimeoutException;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for the clustering Redis {Address}: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string address, string reason);
}
