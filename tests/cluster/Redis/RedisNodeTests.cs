using System.Globalization;
using OrleansCache.LocalClusters;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using StackExchange.Redis;

namespace OrleansCache.Tests.Redis;

public sealed class RedisNodeTests : NodeContract
{
    private RedisServer? _server;

    private RedisServer Server => _server!;

    [Fact]
    public async Task A_value_in_an_unknown_format_is_a_miss_and_is_replaced()
    {
        using var redis = await ConnectAsync();
        await using var node = RedisBackend.CreateNode(Server.ConnectionString, Patient);
        var database = redis.GetDatabase();
        await database.StringSetAsync($"{TestEntries.Prefix}text", "not ours", Minute);
        await database.StringSetAsync($"{TestEntries.Prefix}short", new byte[] { (byte)'O', (byte)'C', (byte)'B', 2, 0 }, Minute);
        var later = TestEntries.Envelope.Pack(Row("later-format", 1));
        later[3]++;
        await database.StringSetAsync($"{TestEntries.Prefix}later-format", later, Minute);
        await database.ListRightPushAsync($"{TestEntries.Prefix}list", "not even a string");

        foreach (var key in (string[])["text", "short", "later-format", "list"])
        {
            Assert.Null(await node.ReadAsync(key, default));
            await node.WriteAsync(Row(key, 1), Minute, overwrite: false, default);
            Assert.Equal(1, await VersionOfAsync(node, key));
        }

        Assert.True(IsUp(node));
    }

    [Fact]
    public async Task An_entry_that_would_never_expire_is_a_miss()
    {
        using var redis = await ConnectAsync();
        await using var node = RedisBackend.CreateNode(Server.ConnectionString, Patient);
        await node.WriteAsync(Row("a", 1), Minute, overwrite: false, default);
        Assert.NotNull(await node.ReadAsync("a", default));

        await redis.GetDatabase().KeyPersistAsync($"{TestEntries.Prefix}a");

        Assert.Null(await node.ReadAsync("a", default));
    }

    [Theory]
    [InlineData("orleanscache:")]
    [InlineData("a[bc]*?\\:")]
    public async Task Of_all_keys_only_those_of_the_prefix_are_removed(string prefix)
    {
        using var redis = await ConnectAsync();
        await using var node = RedisBackend.CreateNode(Server.ConnectionString, Patient with { KeyPrefix = prefix });
        await node.WriteAsync(Row("a", 1), Minute, overwrite: false, default);
        await redis.GetDatabase().StringSetAsync("ab-of-others:a", "theirs", Minute);

        Assert.Equal(1, (await node.ClearAsync(default)).Removed);

        Assert.Equal("theirs", (string?)await redis.GetDatabase().StringGetAsync("ab-of-others:a"));
        Assert.False(await redis.GetDatabase().KeyExistsAsync(TestEntries.Scope.KeyPrefix(prefix) + "a"));
    }

    [Fact]
    public async Task Another_books_another_regions_another_clusters_and_forged_entries_are_misses()
    {
        using var redis = await ConnectAsync();
        var database = redis.GetDatabase();
        await using var node = RedisBackend.CreateNode(Server.ConnectionString, Patient);
        await node.WriteAsync(Row("a", 1), Minute, overwrite: false, default);
        Assert.NotNull(await node.ReadAsync("a", default));
        var entry = (byte[])(await database.StringGetAsync(TestEntries.Prefix + "a"))!;

        await PutAsync("b", entry);
        Assert.Null(await node.ReadAsync("b", default));
        foreach (var scope in (EntryScope[])
            [
                TestEntries.Scope with { Region = "us" },
                TestEntries.Scope with { ClusterId = "other" },
                TestEntries.Scope with { Secret = "s" },
            ])
        {
            await PutAsync("c", new Envelope(scope).Pack(Row("c", 1)));
            Assert.Null(await node.ReadAsync("c", default));
        }

        for (var i = 0; i < entry.Length; i++)
        {
            entry[i] ^= 1;
            await PutAsync("a", entry);
            Assert.Null(await node.ReadAsync("a", default));
            entry[i] ^= 1;
        }

        await PutAsync("a", entry[..^1]);
        Assert.Null(await node.ReadAsync("a", default));
        await PutAsync("a", entry);
        Assert.NotNull(await node.ReadAsync("a", default));

        Task PutAsync(string key, byte[] value) => database.StringSetAsync(TestEntries.Prefix + key, value, Minute);
    }

    [Fact]
    public async Task Two_clusters_and_two_regions_on_one_server_neither_read_nor_purge_each_others_entries()
    {
        EntryScope[] scopes =
        [
            new("a", "eu", ""), new("a", "us", ""), new("a:eu", "us", ""), new("b", "eu", "a secret of some length"), new("a{x}", "eu", ""),
        ];
        var nodes = scopes.Select(scope => RedisBackend.CreateNode(Server.ConnectionString, Patient, scope)).ToArray();
        for (var i = 0; i < nodes.Length; i++)
            await nodes[i].WriteAsync(Row("us:k", i + 1), Minute, overwrite: false, default);
        await AreAsync([1, 2, 3, 4, 5]);

        Assert.Equal(1, (await nodes[0].ClearAsync(default)).Removed);

        await AreAsync([null, 2, 3, 4, 5]);
        foreach (var node in nodes)
            await node.DisposeAsync();

        async Task AreAsync(long?[] versions)
        {
            for (var i = 0; i < nodes.Length; i++)
                Assert.Equal(versions[i], await VersionOfAsync(nodes[i], "us:k"));
        }
    }

    [Fact]
    public async Task A_write_is_one_command_and_a_read_at_most_two_over_at_most_four_connections()
    {
        const int Books = 500;
        using var redis = await ConnectAsync();
        await using var node = RedisBackend.CreateNode(Server.ConnectionString, Patient);
        // The first writes load the script, once for each that is sent before the library knows that the server has it.
        await node.WriteAsync(Row("book::first", 1), Minute, overwrite: false, default);
        await node.ReadAsync("book::first", default);
        var before = await CommandsAsync(redis);

        await Task.WhenAll(Enumerable.Range(0, Books).Select(async i =>
        {
            await node.WriteAsync(Row($"book::{i}", 1), Minute, overwrite: false, default);
            Assert.NotNull(await node.ReadAsync($"book::{i}", default));
        }));

        var after = await CommandsAsync(redis);
        Assert.Equal(Books, Sent("eval", "evalsha"));
        Assert.InRange(Sent("get", "pttl", "ttl"), Books, 2 * Books);
        Assert.Equal(0, Sent("multi", "exec", "watch", "psetex", "del", "script", "script|load"));
        // Two connections of the test, and of the node two to read and two to write: the library has one for subscriptions beside each.
        Assert.InRange(await NumberAsync(redis, "clients", "connected_clients"), 1, 6);

        long Sent(params string[] names) => names.Sum(name => after.GetValueOrDefault(name) - before.GetValueOrDefault(name));
    }

    [Fact]
    public async Task A_restarted_server_that_has_lost_its_scripts_is_written_to()
    {
        using var redis = await ConnectAsync();
        await using var node = RedisBackend.CreateNode(Server.ConnectionString, Patient);
        await node.WriteAsync(Row("a", 1), Minute, overwrite: false, default);
        await redis.GetServer(Server.ConnectionString).ScriptFlushAsync();

        await node.WriteAsync(Row("a", 2), Minute, overwrite: false, default);

        Assert.Equal(2, await VersionOfAsync(node, "a"));
    }

    [Fact]
    public async Task A_cancelled_call_ends_although_the_server_hangs_permanently()
    {
        await using var node = (GuardedNode)RedisBackend.CreateNode(
            Server.ConnectionString, new() { Budget = TimeSpan.FromMilliseconds(50), MinimumThroughput = 1_000, MaxInFlight = 1_000 });
        await Eventually.IsTrueAsync(() => RespondsAsync(node), "the node responds");
        await Server.PauseAsync();

        Assert.False(await RespondsAsync(node));

        await Eventually.IsTrueAsync(() => node.InFlight == 0, "the call has ended");
        await Server.ResumeAsync();
        await Eventually.IsTrueAsync(() => RespondsAsync(node), "the node responds again");
    }

    [Fact]
    public async Task The_password_of_the_connection_string_is_used()
    {
        using var redis = await ConnectAsync();
        await redis.GetServer(Server.ConnectionString).ConfigSetAsync("requirepass", "secret");
        await using var node = RedisBackend.CreateNode($"{Server.ConnectionString},password=secret", Patient);
        await using var stranger = RedisBackend.CreateNode($"{Server.ConnectionString},password=guess,connectTimeout=1000", new());

        await node.WriteAsync(Row("a", 1), Minute, overwrite: false, default);

        Assert.Equal(1, await VersionOfAsync(node, "a"));
        var error = await Assert.ThrowsAsync<NodeUnavailableException>(async () => await stranger.ReadAsync("a", default));
        Assert.DoesNotContain("guess", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_down_at_the_start_is_tried_until_it_is_there()
    {
        var port = FreePort.Find();
        var connection = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");
        await using var node = RedisBackend.CreateNode(
            connection, new() { Budget = TimeSpan.FromMilliseconds(100), RetryAfter = TimeSpan.FromMilliseconds(100) });
        for (var i = 0; node.CanRead("warm"); i++)
        {
            Assert.True(i < 100, "The circuit is not open after 100 failures.");
            Assert.False(await RespondsAsync(node));
        }

        await using var server = await LocalRedisServer.StartAsync(port);

        await Eventually.IsTrueAsync(() => RespondsAsync(node), "the node responds");
    }

    [Fact]
    public async Task A_connection_that_went_dead_is_replaced()
    {
        await using var proxy = new TcpProxy(Server.Port);
        await using var node = RedisBackend.CreateNode(
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{proxy.Port}"),
            new() { Budget = TimeSpan.FromMilliseconds(200), RetryAfter = TimeSpan.FromMilliseconds(50) });
        await Eventually.IsTrueAsync(() => RespondsAsync(node), "the node responds");

        proxy.LetConnectionsDie();

        await Eventually.IsTrueAsync(async () => !await RespondsAsync(node) && !IsUp(node), "the circuit opens");
        await Eventually.IsTrueAsync(() => RespondsAsync(node), "the node responds again");
    }

    private protected override async Task<INodeBackend> CreateBackendAsync() => new RedisBackend(_server = await RedisServer.StartAsync());

    /// <summary>The number of executions of each command, including those by scripts inside the server.</summary>
    private static async Task<Dictionary<string, long>> CommandsAsync(ConnectionMultiplexer redis)
    {
        var groups = await redis.GetServer(redis.GetEndPoints()[0]).InfoAsync("commandstats");
        return groups.SelectMany(group => group).ToDictionary(
            pair => pair.Key["cmdstat_".Length..],
            pair => long.Parse(pair.Value.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture));
    }

    private static async Task<long> NumberAsync(ConnectionMultiplexer redis, string section, string name)
    {
        var groups = await redis.GetServer(redis.GetEndPoints()[0]).InfoAsync(section);
        return long.Parse(groups.SelectMany(group => group).First(pair => pair.Key == name).Value, CultureInfo.InvariantCulture);
    }

    private Task<ConnectionMultiplexer> ConnectAsync() =>
        ConnectionMultiplexer.ConnectAsync($"{Server.ConnectionString},allowAdmin=true");
}
