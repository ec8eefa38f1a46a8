using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansCache.Engine.Membership;
using StackExchange.Redis;

namespace Orleans.Clustering.Redis;

/// <summary>
/// The membership table as a hash in Redis: a field per silo, the version, and the identity of the table. A script compares the version and replaces the whole, in one
/// step. Each call has a budget, because StackExchange.Redis 1.2.6 waits for a server that hangs for ever.
/// </summary>
internal sealed class RedisMembershipTable : IMembershipTable, IAsyncDisposable
{
    private const string VersionField = "version";
    private const string TableField = "table";

    /// <summary>Sent as text each time: a server that was restarted does not know a script by its hash.</summary>
    private const string Replace =
        """
        if (redis.call('HGET', KEYS[1], ARGV[1]) or '0') ~= ARGV[2] then return 0 end
        redis.call('DEL', KEYS[1])
        redis.call('HMSET', KEYS[1], unpack(ARGV, 3))
        return 1
        """;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private readonly ConfigurationOptions _connection;
    private readonly RedisKey _key;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _disposing = new();
    private Task<ConnectionMultiplexer>? _connecting;
    private TaskCompletionSource _restored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RedisMembershipTable(IOptions<RedisClusteringOptions> options, IOptions<ClusterOptions> cluster, TimeProvider time)
    {
        _time = time;
        _key = $"{cluster.Value.ServiceId}/silos/{cluster.Value.ClusterId}";
        _connection = options.Value.ConfigurationOptions?.Clone()
            ?? throw new OrleansConfigurationException($"{nameof(RedisClusteringOptions)}.{nameof(RedisClusteringOptions.ConfigurationOptions)} is not set. Say which Redis holds the membership table.");
        if (_connection.EndPoints.Count == 0) throw new OrleansConfigurationException($"{nameof(RedisClusteringOptions)}.{nameof(RedisClusteringOptions.ConfigurationOptions)} names no server. Give one such as redis-1:6379.");
        _connection.AbortOnConnectFail = false;
        _connection.ReconnectRetryPolicy = new LinearRetry((int)(Budget.TotalMilliseconds / 4));
    }

    /// <summary>Longer than the silos of a running cluster take to connect to a Redis that has come back, and to see what it lacks.</summary>
    public TimeSpan SettleTime { get; } = TimeSpan.FromSeconds(2.5);

    public async ValueTask<MembershipState> ReadAsync(CancellationToken token)
    {
        var fields = await AskAsync(database => database.HashGetAllAsync(_key), token);
        if (fields.Length == 0) return MembershipState.Empty;
        var (table, version, rows) = ("", 0L, ImmutableDictionary.CreateBuilder<SiloAddress, MemberRow>());
        foreach (var field in fields)
        {
            if (field.Name == VersionField) version = (long)field.Value;
            else if (field.Name == TableField) table = field.Value.ToString();
            else rows.Add(SiloAddress.FromParsableString(field.Name.ToString()), MembershipText.ReadRow(field.Name.ToString(), field.Value.ToString()));
        }

        return new MembershipState(table, version, rows.ToImmutable());
    }

    public async ValueTask<bool> TryWriteAsync(MembershipState next, long expected, CancellationToken token)
    {
        RedisValue[] arguments =
        [
            VersionField, MembershipText.WriteVersion(expected), VersionField, MembershipText.WriteVersion(next.Version), TableField, next.TableId,
            .. next.Rows.Values.SelectMany(row => new RedisValue[] { row.Silo.ToParsableString(), MembershipText.WriteRow(row) }),
        ];
        return (long)await AskAsync(database => database.ScriptEvaluateAsync(Replace, [_key], arguments, CommandFlags.NoScriptCache), token) == 1;
    }

    public async Task WaitForChangeAsync(long known, CancellationToken token)
    {
        Task restored;
        lock (_gate) restored = _restored.Task;
        await restored.WaitAsync(Period, _time, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        token.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposing.IsCancellationRequested) return;
        await _disposing.CancelAsync();
        Task<ConnectionMultiplexer>? connecting;
        lock (_gate) connecting = _connecting;
        if (connecting is null) return;
        await ((Task)connecting).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (connecting.IsCompletedSuccessfully) (await connecting).Dispose();
    }

    private async Task<T> AskAsync<T>(Func<IDatabase, Task<T>> ask, CancellationToken token)
    {
        try
        {
            var redis = await ConnectAsync().WaitAsync(Budget, _time, token);
            return await ask(redis.GetDatabase()).WaitAsync(Budget, _time, token);
        }
        catch (TimeoutException exception)
        {
            throw new MembershipUnavailableException($"Redis did not answer within {Budget.TotalSeconds:0} s.", exception);
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException)
        {
            // What follows the first part of StackExchange.Redis' messages describes its own state.
            throw new MembershipUnavailableException(exception.Message.Split(';')[0], exception);
        }
    }

    /// <summary>The connection that all calls share; it is made anew only when making it failed.</summary>
    private Task<ConnectionMultiplexer> ConnectAsync()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposing.IsCancellationRequested, this);
            if (_connecting is null or { IsFaulted: true } or { IsCanceled: true }) _connecting = ConnectOnceAsync();
            return _connecting;
        }
    }

    private async Task<ConnectionMultiplexer> ConnectOnceAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var redis = await ConnectionMultiplexer.ConnectAsync(_connection);
        redis.ConnectionRestored += (_, _) => OnRestored();
        return redis;
    }

    private void OnRestored()
    {
        lock (_gate)
        {
            _restored.TrySetResult();
            _restored = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
