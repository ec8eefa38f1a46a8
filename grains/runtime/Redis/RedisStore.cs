using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace OrleansCache.Redis;

/// <summary>
/// A Redis server, or a Redis Cluster seen as one. Every command names one key, as a cluster requires. Reads and writes have connections of
/// their own: a server answers the commands of a connection in turn, so that a read would wait behind a write that it holds back, as during
/// <c>CLIENT PAUSE … WRITE</c>.
/// </summary>
internal sealed partial class RedisStore : INodeStore
{
    private const int PageSize = 1_000;
    private const int MostProbeKeys = 1_000;

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

    // A value that no read takes for an entry.
    private static readonly RedisValue ProbeValue = "probe";

    private static readonly TimeSpan ProbeTimeToLive = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(1);

    private readonly string _node;
    private readonly string _prefix;
    private readonly Envelope _envelope;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RedisLink _reads;
    private readonly RedisLink _writes;
    private long _warned;

    public RedisStore(
        string node, ConfigurationOptions options, NodeOptions settings, EntryScope scope, TimeProvider time, ILogger logger)
    {
        (_node, _prefix, _time, _logger) = (node, scope.KeyPrefix(settings.KeyPrefix), time, logger);
        _envelope = new(scope);
        options.AsyncTimeout = (int)AsyncTimeoutFor(settings.Budget).TotalMilliseconds;
        (_reads, _writes) = (new(node, options, logger), new(node, options, logger));
    }

    public IReadOnlyList<NodeShard> Shards => _reads.Session?.Shards.Shards ?? [NodeShard.Whole];

    public string? Problem => _reads.Problem;

    public NodeShard ShardOf(string key) => _reads.Session?.Shards.Of(KeyOf(key)) ?? NodeShard.Whole;

    public string? ProbeKeyOf(NodeShard shard)
    {
        if (shard.Name.Length == 0)
            return "probe";
        for (var number = 0; number < MostProbeKeys; number++)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"probe{{{number}}}");
            if (ShardOf(key).Name == shard.Name)
                return key;
        }

        // It has hardly any slots, or a prefix with braces puts all keys into another one's slot.
        return null;
    }

    public Task RefreshAsync() => Task.WhenAll(RefreshAsync(_reads), RefreshAsync(_writes));

    public async Task<NodeEntry?> ReadAsync(string key, bool fromReplica)
    {
        var database = fromReplica
            ? (await _reads.OpenAsync().ConfigureAwait(false)).Redis.GetDatabase()
            : await DatabaseOfAsync(_reads, key).ConfigureAwait(false);
        var flags = fromReplica ? CommandFlags.DemandReplica : CommandFlags.None;
        // PTTL and GET, sent together. Another client's write may fall between them; then the lifetime is that of the entry before, which
        // does no harm: how long an entry is kept is advisory, and its version decides whether it is current. The library's own call for
        // both does not survive a redirection by ASK.
        var lifetime = database.KeyTimeToLiveAsync(KeyOf(key), flags);
        var value = database.StringGetAsync(KeyOf(key), flags);
        try
        {
            await Task.WhenAll(lifetime, value).ConfigureAwait(false);
        }
        catch (RedisServerException error) when (error.Kind is RedisErrorKind.WrongType)
        {
            return Unreadable(key);
        }

        var (read, expiry) = (await value.ConfigureAwait(false), await lifetime.ConfigureAwait(false));
        if (read.IsNull)
            return null;
        if (_envelope.Unpack(key, (byte[])read!) is not { } row)
            return Unreadable(key);
        // An entry without a lifetime was written between the two commands, or by somebody else: a miss, and the next write replaces it.
        return expiry is { } timeToLive && timeToLive > TimeSpan.Zero ? new NodeEntry(row, timeToLive) : null;
    }

    public async Task WriteAsync(CachedRow row, TimeSpan timeToLive, bool overwrite)
    {
        var milliseconds = (long)timeToLive.TotalMilliseconds;
        if (milliseconds < 1)
            return;
        await RunWriteScriptAsync(row.Key, _envelope.Pack(row), milliseconds, overwrite).ConfigureAwait(false);
    }

    public Task ProbeWriteAsync(string key) =>
        RunWriteScriptAsync($"write-{key}", ProbeValue, (long)ProbeTimeToLive.TotalMilliseconds, overwrite: false);

    public async Task RemoveAsync(IReadOnlyList<string> keys)
    {
        var database = await DatabaseOfAsync(_writes, keys[0]).ConfigureAwait(false);
        // Pipelined: one round trip, and each key may be on another server of a cluster.
        await Task.WhenAll(keys.Select(key => database.KeyDeleteAsync(KeyOf(key)))).ConfigureAwait(false);
    }

    public async Task<NodePurge> ClearAsync(CancellationToken cancellation)
    {
        var session = await _writes.OpenAsync().ConfigureAwait(false);
        await session.Shards.RefreshAsync().ConfigureAwait(false);
        var removed = 0L;
        var cleared = new HashSet<string>(StringComparer.Ordinal);
        for (var isLast = false; ; isLast = true)
        {
            var problems = new List<string>();
            foreach (var shard in session.Shards.Shards.Where(shard => !cleared.Contains(shard.Name)))
            {
                // Each by itself: a lost one keeps what it has, and the others are emptied.
                var (count, problem) = await TryClearAsync(session, shard, cancellation).ConfigureAwait(false);
                removed += count;
                if (problem is null)
                    cleared.Add(shard.Name);
                else
                    problems.Add(shard.Name.Length > 0 ? $"{shard.Name}: {problem}" : problem);
            }

            if (problems.Count == 0 || isLast)
                return new(removed, problems);
            // The library may have missed a fail-over; then the shard has another primary.
            await session.Redis.ConfigureAsync().ConfigureAwait(false);
            await session.Shards.RefreshAsync().ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _reads.DisposeAsync().ConfigureAwait(false);
        await _writes.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task RefreshAsync(RedisLink link)
    {
        var session = await link.OpenAsync().ConfigureAwait(false);
        await session.Shards.RefreshAsync().ConfigureAwait(false);
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

    /// <summary>
    /// Fails at once when the key's primary is not connected: the library would send the call to a server that redirects it. The shards of
    /// a node are those that its reads know. Where they know another primary already, after a fail-over, a redirection is what finds it.
    /// </summary>
    private async ValueTask<IDatabase> DatabaseOfAsync(RedisLink link, string key)
    {
        var session = await link.OpenAsync().ConfigureAwait(false);
        return session.Shards.Of(KeyOf(key)) is { IsConnected: false } lost && lost.Name == ShardOf(key).Name
            ? throw NotConnected(link, lost)
            : session.Redis.GetDatabase();
    }

    private static RedisConnectionException NotConnected(RedisLink link, NodeShard shard) => new(
        ConnectionFailureType.UnableToConnect,
        CommandFlags.None,
        shard switch
        {
            RedisShard { Primary.EndPoint: { } server } => link.LossOf(server),
            SoleShard { Lost.EndPoint: { } server } => link.LossOf(server),
            SoleShard => "It is not connected",
            _ => "CLUSTERDOWN Hash slot not served",
        });

    private async Task RunWriteScriptAsync(string key, RedisValue value, long milliseconds, bool overwrite)
    {
        var database = await DatabaseOfAsync(_writes, key).ConfigureAwait(false);
        await database.ScriptEvaluateAsync(WriteScript, [KeyOf(key)], [value, milliseconds, overwrite ? "1" : "0"]).ConfigureAwait(false);
    }

    private async Task<(long Removed, string? Problem)> TryClearAsync(
        RedisSession session, NodeShard shard, CancellationToken cancellation)
    {
        var removed = 0L;
        var pattern = PatternCharacters().Replace(_prefix, @"\$0") + "*";
        try
        {
            var database = session.Redis.GetDatabase();
            var server = await PrimaryOfAsync(session, shard).ConfigureAwait(false);
            // The multiplexer sends each deletion to the key's primary, also when it has moved meanwhile.
            await foreach (var page in server.KeysAsync(database.Database, pattern, PageSize).Chunk(PageSize)
                .WithCancellation(cancellation).ConfigureAwait(false))
            {
                var deleted = await Task.WhenAll(page.Select(key => database.KeyDeleteAsync(key))).ConfigureAwait(false);
                removed += deleted.Count(existed => existed);
            }

            return (removed, null);
        }
        catch (Exception error) when (error is RedisException or RedisCommandException or TimeoutException)
        {
            return (removed, RedisFault.Describe(error));
        }
    }

    private async Task<IServer> PrimaryOfAsync(RedisSession session, NodeShard shard) => shard switch
    {
        RedisShard { IsConnected: true, Primary: { } primary } => primary,
        RedisShard => throw NotConnected(_writes, shard),
        // The one that takes the writes: a former primary that hangs still looks like one.
        _ => session.Redis.GetServer(
            await session.Redis.GetDatabase().IdentifyEndpointAsync(flags: CommandFlags.DemandMaster).ConfigureAwait(false)
            ?? throw NotConnected(_writes, shard)),
    };

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
        "Node {Node}: the value at {Key} is not an entry that this region has written there; it is a miss. (Once a minute at most.)")]
    private partial void LogUnreadable(string node, string key);
}
