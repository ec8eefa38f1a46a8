using StackExchange.Redis;

namespace OrleansCache.Tests.Clusters;

/// <summary>A test's own connection to a Redis.</summary>
public sealed class RedisClient : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _multiplexer;

    private readonly string _prefix;

    private RedisClient(ConnectionMultiplexer multiplexer, string prefix) => (_multiplexer, _prefix) = (multiplexer, prefix);

    /// <summary>Connects.</summary>
    /// <param name="connection">The connection string.</param>
    /// <param name="prefix">What the keys of the cache begin with there.</param>
    public static async Task<RedisClient> ConnectAsync(string connection, string prefix) =>
        new(await ConnectionMultiplexer.ConnectAsync(connection), prefix);

    public async Task<RedisEntry?> ReadAsync(string key)
    {
        var entry = await _multiplexer.GetDatabase().StringGetWithExpiryAsync(_prefix + key);
        return entry.Value.IsNull ? null : new((byte[])entry.Value!, entry.Expiry);
    }

    public async Task WriteAsync(string key, byte[]? value, TimeSpan timeToLive)
    {
        var database = _multiplexer.GetDatabase();
        if (value is null)
            await database.KeyDeleteAsync(_prefix + key);
        else
            await database.StringSetAsync(_prefix + key, value, timeToLive);
    }

    public async ValueTask DisposeAsync()
    {
        await _multiplexer.CloseAsync();
        _multiplexer.Dispose();
    }
}
