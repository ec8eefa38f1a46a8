using StackExchange.Redis;

namespace OrleansCache.Tests.Clusters;

/// <summary>A test's own connection to a Redis.</summary>
public sealed class RedisClient : IAsyncDisposable
{
    private const string Prefix = "orleanscache:";

    private readonly ConnectionMultiplexer _multiplexer;

    private RedisClient(ConnectionMultiplexer multiplexer) => _multiplexer = multiplexer;

    public static async Task<RedisClient> ConnectAsync(string connection) => new(await ConnectionMultiplexer.ConnectAsync(connection));

    public async Task<RedisEntry?> ReadAsync(string key)
    {
        var entry = await _multiplexer.GetDatabase().StringGetWithExpiryAsync(Prefix + key);
        return entry.Value.IsNull ? null : new((byte[])entry.Value!, entry.Expiry);
    }

    public async Task WriteAsync(string key, byte[]? value, TimeSpan timeToLive)
    {
        var database = _multiplexer.GetDatabase();
        if (value is null)
            await database.KeyDeleteAsync(Prefix + key);
        else
            await database.StringSetAsync(Prefix + key, value, timeToLive);
    }

    public async ValueTask DisposeAsync()
    {
        await _multiplexer.CloseAsync();
        _multiplexer.Dispose();
    }
}
