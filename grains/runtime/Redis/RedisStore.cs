using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace OrleansCache.Redis;

/// <summary>
/// A Redis server, or a Redis Cluster seen as one, through one multiplexer, which is connected by the first call and reconnects by
/// itself. Every command names one key, as a cluster requires.
/// </summary>
internal sealed partial class RedisStore : INodeStore
{
    private const int PageSize = 1_000;

    /// <summary>
    /// Writes an entry unless the one that is there has a higher version. The version is compared in two halves, as numbers: Lua's
    /// numbers hold 53 bits, and its strings compare by the server's locale. No single Redis command does this.
    /// </summary>
    private const string WriteScript =
        """
        local n=ARGV[1]
        if ARGV[3]=='0' then
          local o=redis.pcall('GETRANGE',KEYS[1],0,11)
          if type(o)=='string' and #o==12 and o:sub(1,4)==n:sub(1,4) then
            local oh,ol=struct.unpack('>I4I4',o:sub(5,12))
            local nh,nl=struct.unpack('>I4I4',n:sub(5,12))
            if oh>nh or (oh==nh and ol>nl) then return 0 end
          end
        end
        redis.call('SET',KEYS[1],n,'PX',ARGV[2])
        return 1
        """;

    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(1);

    private readonly string _node;
    private readonly ConfigurationOptions _options;
    private readonly string _prefix;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Lock _gate = new();
    private Task<ConnectionMultiplexer>? _connecting;
    private long _warned;
    private bool _disposed;

    public RedisStore(string node, ConfigurationOptions options, NodeOptions settings, TimeProvider time, ILogger logger)
    {
        (_node, _options, _prefix, _time, _logger) = (node, options, settings.KeyPrefix, time, logger);
        _options.AsyncTimeout = (int)AsyncTimeoutFor(settings.Budget).TotalMilliseconds;
    }

    public async Task<NodeEntry?> ReadAsync(string key)
    {
        var database = await DatabaseAsync().ConfigureAwait(false);
        RedisValueWithExpiry read;
        try
        {
            // PTTL and GET, sent together. Another client's write may fall between them; then the lifetime is that of the entry before,
            // which does no harm: how long an entry is kept is advisory, and its version decides whether it is current.
            read = await database.StringGetWithExpiryAsync(KeyOf(key)).ConfigureAwait(false);
        }
        catch (RedisServerException error) when (error.Kind is RedisErrorKind.WrongType)
        {
            return Unreadable(key);
        }

        if (read.Value.IsNull)
            return null;
        if (Envelope.Unpack(key, (byte[])read.Value!) is not { } row)
            return Unreadable(key);
        // An entry without a lifetime was written between the two commands, or by somebody else: a miss, and the next write replaces it.
        return read.Expiry is { } timeToLive && timeToLive > TimeSpan.Zero ? new NodeEntry(row, timeToLive) : null;
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
                WriteScript,
                [KeyOf(row.Key)],
                [Envelope.Pack(row), milliseconds, overwrite ? "1" : "0"]).ConfigureAwait(false);
        }
        catch (RedisServerException error) when (error.Message.Contains("OOM", StringComparison.Ordinal))
        {
            // Not a failure of the node: it still answers reads. Servers before 7 report OOM inside of a script's error, without its kind.
            if (MayWarn())
                LogFull(_node, error);
        }
    }

    public async Task RemoveAsync(IReadOnlyList<string> keys)
    {
        var database = await DatabaseAsync().ConfigureAwait(false);
        // Pipelined: one round trip, and each key may be on another server of a cluster.
        await Task.WhenAll(keys.Select(key => database.KeyDeleteAsync(KeyOf(key)))).ConfigureAwait(false);
    }

    public async Task<long> ClearAsync(CancellationToken cancellation)
    {
        var database = await DatabaseAsync().ConfigureAwait(false);
        var pattern = PatternCharacters().Replace(_prefix, @"\$0") + "*";
        var removed = 0L;
        foreach (var server in database.Multiplexer.GetServers())
        {
            // A replica may list keys that are gone already; the multiplexer sends each deletion to the key's primary.
            await foreach (var page in server.KeysAsync(database.Database, pattern, PageSize).Chunk(PageSize)
                .WithCancellation(cancellation).ConfigureAwait(false))
            {
                var deleted = await Task.WhenAll(page.Select(key => database.KeyDeleteAsync(key))).ConfigureAwait(false);
                removed += deleted.Count(existed => existed);
            }
        }

        return removed;
    }

    public async Task PingAsync()
    {
        var database = await DatabaseAsync().ConfigureAwait(false);
        await database.PingAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? connecting;
        lock (_gate)
        {
            _disposed = true;
            (connecting, _connecting) = (_connecting, null);
        }

        if (connecting is null)
            return;
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!connecting.IsCompletedSuccessfully)
            return;
        var multiplexer = await connecting.ConfigureAwait(false);
        try
        {
            // The server may hang, and the results of calls in flight are of no use to anybody.
            await multiplexer.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
            multiplexer.Dispose();
        }
        catch (RedisException error)
        {
            LogNotClosed(_node, error);
        }
    }

    /// <summary>
    /// After how long the library fails a call that has no response. Callers wait for the budget alone, so the library must not give up
    /// earlier: hence twice the budget. It looks once a second, and it closes a connection on which it has read nothing for four times
    /// this while calls time out: with the floor of two seconds a peer that vanished is given up after about nine seconds instead of
    /// TCP's quarter of an hour, and a handshake, which is limited by the same value, still succeeds on a busy machine.
    /// </summary>
    private static TimeSpan AsyncTimeoutFor(TimeSpan budget)
    {
        var floor = TimeSpan.FromSeconds(2);
        return 2 * budget > floor ? 2 * budget : floor;
    }

    private RedisKey KeyOf(string key) => _prefix + key;

    private NodeEntry? Unreadable(string key)
    {
        if (MayWarn())
            LogUnreadable(_node, _prefix + key);
        return null;
    }

    private async ValueTask<IDatabase> DatabaseAsync()
    {
        var connecting = Volatile.Read(ref _connecting);
        if (connecting is not { IsCompletedSuccessfully: true })
            connecting = Connect();
        return (await connecting.ConfigureAwait(false)).GetDatabase();
    }

    private Task<ConnectionMultiplexer> Connect()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            // Off the caller's thread: sockets are made before the first await in there.
            if (_connecting is null or { IsFaulted: true } or { IsCanceled: true })
                _connecting = Task.Run(() => ConnectionMultiplexer.ConnectAsync(_options));
            return _connecting;
        }
    }

    private bool MayWarn()
    {
        var now = _time.GetTimestamp();
        var last = Volatile.Read(ref _warned);
        return (last == 0 || _time.GetElapsedTime(last, now) >= WarningInterval)
            && Interlocked.CompareExchange(ref _warned, now, last) == last;
    }

    [GeneratedRegex(@"[*?\[\]\\^-]")]
    private static partial Regex PatternCharacters();

    [LoggerMessage(EventId = 1500, Level = LogLevel.Warning, Message =
        "Node {Node}: the value at {Key} is not a cache entry with a TTL; it is treated as a miss. (Logged at most once a minute.)")]
    private partial void LogUnreadable(string node, string key);

    [LoggerMessage(EventId = 1501, Level = LogLevel.Warning, Message =
        "Node {Node} is out of memory and stores no entry; set its maxmemory-policy to allkeys-lru. (Logged at most once a minute.)")]
    private partial void LogFull(string node, Exception exception);

    [LoggerMessage(EventId = 1502, Level = LogLevel.Information, Message = "Node {Node}: closing the connection failed.")]
    private partial void LogNotClosed(string node, Exception exception);
}
