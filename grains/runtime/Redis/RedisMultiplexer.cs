using StackExchange.Redis;

namespace OrleansCache.Redis;

/// <summary>
/// A connection to Redis servers, found through Sentinel where the options have a <c>serviceName</c>; then it follows the primary. The
/// library's own way to connect through Sentinel leaves connections open each time the Sentinels name no primary that answers.
/// </summary>
/// <param name="Redis">The connection to the servers.</param>
/// <param name="Sentinels">The connection to the Sentinels, which tells the other one of a new primary.</param>
internal sealed record RedisMultiplexer(ConnectionMultiplexer Redis, ConnectionMultiplexer? Sentinels)
{
    /// <summary>Connects. With Sentinel the calling thread may be blocked meanwhile.</summary>
    public static async Task<RedisMultiplexer> ConnectAsync(ConfigurationOptions options)
    {
        if (string.IsNullOrEmpty(options.ServiceName))
            return new(await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false), null);
        var asked = options.Clone();
        (asked.User, asked.Password, asked.AbortOnConnectFail) = (options.SentinelUser, options.SentinelPassword, true);
        var sentinels = await ConnectionMultiplexer.SentinelConnectAsync(asked).ConfigureAwait(false);
        try
        {
            return new(sentinels.GetSentinelMasterConnection(options), sentinels);
        }
        catch
        {
            await CloseAsync(sentinels).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Closes all connections without waiting for calls in flight: the server may hang, and nobody needs their results.</summary>
    public async Task CloseAsync()
    {
        await CloseAsync(Redis).ConfigureAwait(false);
        if (Sentinels is not null)
            await CloseAsync(Sentinels).ConfigureAwait(false);
    }

    private static async Task CloseAsync(ConnectionMultiplexer connection)
    {
        await connection.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
        connection.Dispose();
    }
}
