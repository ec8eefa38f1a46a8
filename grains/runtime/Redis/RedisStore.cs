using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace OrleansCache.Redis;

/// <summary>
/// A Redis server, or a Redis Cluster seen as one, through one multiplexer. It is connected when the first call comes, and
/// reconnects by itself. Every call names one key at a time, as a cluster wants it.
/// </summary>
internal sealed partial class RedisStore(string node, ConfigurationOptions options, string prefix, TimeProvider time, ILogger logger) : INodeStore
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan WarnEvery = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly List<Task> _closing = [];
    private Task<ConnectionMultiplexer>? _connecting;
    private long _warned;
    private bool _disposed;

    public async Task<NodeEntry?> ReadAsync(string key)
    {
        var database = await DatabaseAsync().ConfigureAwait(false);
        var answer = await database.ScriptEvaluateAsync(RedisScripts.Read, [KeyOf(key)], flags: CommandFlags.NoScriptCache).ConfigureAwait(false);
        if (answer.IsNull)
            return null;
        var parts = (RedisResult[])answer!;
        var milliseconds = (long)parts[1];
        // An entry that never expires was not written by us, or was tampered with.
        if (milliseconds >= 0 && Envelope.Unpack(key, (byte[])parts[0]!) is { } row)
            return milliseconds == 0 ? null : new NodeEntry(row, TimeSpan.FromMilliseconds(milliseconds));
        if (MayWarn())
            LogUnreadable(node, prefix + key);
        return null;
    }

    public async Task WriteAsync(CachedRow row, TimeSpan timeToLive, bool overwrite)
    {
        var milliseconds = (long)timeToLive.TotalMilliseconds;
        if (milliseconds < 1)
            return;
        var database = await DatabaseAsync().ConfigureAwait(false);
        try
        {
            await database.ScriptEvaluateAsync(
                RedisScripts.Write,
                [KeyOf(row.Key)],
                [Envelope.Pack(row), milliseconds, overwrite ? "1" : "0"],
                CommandFlags.NoScriptCache).ConfigureAwait(false);
        }
        catch (RedisServerException error) when (error.Message.Contains("OOM", StringComparison.Ordinal))
        {
            // The server answers, so reads must go on; it is only not allowed to make room for another entry.
            if (MayWarn())
                LogFull(node, error);
        }
    }

    public async Task RemoveAsync(IReadOnlyList<string> keys)
    {
        var database = await DatabaseAsync().ConfigureAwait(false);
        // Sent one after the other without waiting: one round trip, and each key may be on another server of a cluster.
        var removals = new Task[keys.Count];
        for (var i = 0; i < removals.Length; i++)
            removals[i] = database.KeyDeleteAsync(KeyOf(keys[i]));
        await Task.WhenAll(removals).ConfigureAwait(false);
    }

    public async Task<long> ClearAsync(CancellationToken cancellation)
    {
        var database = await DatabaseAsync().ConfigureAwait(false);
        // Off the caller's thread: the library asks for the next page of keys in a blocking way.
        return await Task.Run(() => ClearAsync(database, cancellation), cancellation).ConfigureAwait(false);
    }

    public async Task PingAsync()
    {
        var database = await DatabaseAsync().ConfigureAwait(false);
        await database.PingAsync().ConfigureAwait(false);
    }

    public void Reconnect()
    {
        lock (_gate)
        {
            if (_connecting is { } old)
                Discard(old);
            _connecting = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task closing;
        lock (_gate)
        {
            if (!_disposed && _connecting is { } last)
                Discard(last);
            _disposed = true;
            closing = Task.WhenAll(_closing);
        }

        await closing.ConfigureAwait(false);
    }

    private async Task<long> ClearAsync(IDatabase database, CancellationToken cancellation)
    {
        var multiplexer = database.Multiplexer;
        var pattern = Special().Replace(prefix, @"\$0") + "*";
        var removed = 0L;
        foreach (var address in multiplexer.GetEndPoints())
        {
            // A replica names keys that are gone already; deletions go to where they belong, whoever named the key.
            foreach (var page in multiplexer.GetServer(address).Keys(database.Database, pattern, PageSize).Chunk(PageSize))
            {
                cancellation.ThrowIfCancellationRequested();
                removed += (await Task.WhenAll(page.Select(key => database.KeyDeleteAsync(key))).ConfigureAwait(false)).Count(there => there);
            }
        }

        return removed;
    }

    private async Task CloseAsync(Task<ConnectionMultiplexer> connecting)
    {
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!connecting.IsCompletedSuccessfully)
            return;
        var multiplexer = await connecting.ConfigureAwait(false);
        try
        {
            // Without waiting for commands under way: they are what a dead connection is given up for.
            await multiplexer.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
            multiplexer.Dispose();
        }
        catch (RedisException error)
        {
            LogNotClosed(node, error);
        }
    }

    private RedisKey KeyOf(string key) => prefix + key;

    private ValueTask<IDatabase> DatabaseAsync()
    {
        var connecting = Volatile.Read(ref _connecting);
        if (connecting is not { IsCompletedSuccessfully: true })
            connecting = Connect();
        return GetAsync(connecting);

        static async ValueTask<IDatabase> GetAsync(Task<ConnectionMultiplexer> connecting) =>
            (await connecting.ConfigureAwait(false)).GetDatabase();
    }

    private Task<ConnectionMultiplexer> Connect()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // Off the caller's thread: names are resolved and sockets made before the first await in there.
            if (_connecting is null or { IsFaulted: true } or { IsCanceled: true })
                _connecting = Task.Run(() => ConnectionMultiplexer.ConnectAsync(options));
            return _connecting;
        }
    }

    private void Discard(Task<ConnectionMultiplexer> old)
    {
        _closing.RemoveAll(static closed => closed.IsCompleted);
        _closing.Add(Task.Run(() => CloseAsync(old)));
    }

    private bool MayWarn()
    {
        var now = time.GetTimestamp();
        var last = Volatile.Read(ref _warned);
        return (last == 0 || time.GetElapsedTime(last, now) >= WarnEvery) && Interlocked.CompareExchange(ref _warned, now, last) == last;
    }

    [GeneratedRegex(@"[*?\[\]\\^-]")]
    private static partial Regex Special();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node {Node} holds a value at {Key} that is not a book with a time to live; it is taken as absent. (At most once a minute.)")]
    private partial void LogUnreadable(string node, string key);

    [LoggerMessage(Level = LogLevel.Information, Message = "A connection to the node {Node} did not close properly.")]
    private partial void LogNotClosed(string node, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node {Node} has no memory for another entry; set its maxmemory-policy to allkeys-lru. (At most once a minute.)")]
    private partial void LogFull(string node, Exception exception);
}
