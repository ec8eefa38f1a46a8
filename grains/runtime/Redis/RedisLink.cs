using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace OrleansCache.Redis;

/// <summary>
/// A connection to a node's servers. The first call opens it. The library reconnects to single servers by itself; when the last one is
/// lost, the next call opens a new connection from the connection string, so that addresses are resolved again, and so that what prevents
/// it (a password, a certificate) is told rather than found out by timeouts.
/// </summary>
internal sealed partial class RedisLink(string node, ConfigurationOptions options, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<EndPoint, string> _lost = new();
    private volatile RedisSession? _session;
    private volatile string? _problem;
    private Task<RedisSession>? _opening;
    private bool _disposed;

    /// <summary>Why there is no connection; null while there is one.</summary>
    public string? Problem => _session is { Redis.IsConnected: true } ? null : _problem ?? "it is not connected yet";

    /// <summary>The open connection, or the last one; null before the first.</summary>
    public RedisSession? Session => _session;

    /// <summary>The connection, which is opened if there is none.</summary>
    public async ValueTask<RedisSession> OpenAsync()
    {
        if (_session is { Redis.IsConnected: true } session)
            return session;
        return await Opening().ConfigureAwait(false);
    }

    /// <summary>Why a server is not connected.</summary>
    public string LossOf(EndPoint server) => _lost.TryGetValue(server, out var reason) ? reason : "It is not connected";

    public async ValueTask DisposeAsync()
    {
        Task<RedisSession>? opening;
        lock (_gate)
        {
            _disposed = true;
            (opening, _opening) = (_opening, null);
        }

        if (opening is not null)
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_session is { } session)
            await CloseAsync(session).ConfigureAwait(false);
    }

    private Task<RedisSession> Opening()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // Off the caller's thread: sockets are made before the first await in there.
            if (_opening is null or { IsCompleted: true })
                _opening = Task.Run(ReopenAsync);
            return _opening;
        }
    }

    private async Task<RedisSession> ReopenAsync()
    {
        if (_session is { } old)
        {
            if (old.Redis.IsConnected)
                return old;
            await CloseAsync(old).ConfigureAwait(false);
        }

        try
        {
            var opened = await RedisMultiplexer.ConnectAsync(options).ConfigureAwait(false);
            var redis = opened.Redis;
            redis.ConnectionFailed += Lost;
            redis.ConnectionRestored += Restored;
            var session = new RedisSession(opened, new(redis));
            await session.Shards.RefreshAsync().ConfigureAwait(false);
            _problem = null;
            _lost.Clear();
            return _session = session;
        }
        catch (Exception error)
        {
            _problem = RedisFault.Describe(error);
            throw;
        }
    }

    private async Task CloseAsync(RedisSession session)
    {
        var redis = session.Redis;
        redis.ConnectionFailed -= Lost;
        redis.ConnectionRestored -= Restored;
        session.Shards.Dispose();
        try
        {
            await session.Opened.CloseAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is RedisException or ObjectDisposedException)
        {
            LogNotClosed(node, error);
        }
    }

    private void Lost(object? sender, ConnectionFailedEventArgs failure)
    {
        if (failure is { EndPoint: { } server, Exception: { } error })
            _lost[server] = RedisFault.Describe(error);
    }

    private void Restored(object? sender, ConnectionFailedEventArgs restored)
    {
        if (restored.EndPoint is { } server)
            _lost.TryRemove(server, out _);
    }

    [LoggerMessage(EventId = 1502, Level = LogLevel.Information, Message = "Node {Node}: closing the connection failed.")]
    private partial void LogNotClosed(string node, Exception exception);
}

/// <summary>An open connection and the shards that it has found.</summary>
internal sealed record RedisSession(RedisMultiplexer Opened, ShardMap Shards)
{
    public ConnectionMultiplexer Redis => Opened.Redis;
}
