using System.Globalization;
using System.Text;
using OrleansCache.Redis;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Redis;

/// <summary>
/// Where the slots of a Redis Cluster are: half migrated ones, servers with announced names, the permissions that redirections need, and a
/// purge just after a fail-over.
/// </summary>
public sealed class RedisClusterSlotTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly NodeOptions Quick = new()
    {
        Budget = TimeSpan.FromSeconds(1), RetryAfter = TimeSpan.FromMilliseconds(200), FailoverPatience = Minute,
    };

    // Where every server answers, a busy machine must not exceed the budget.
    private static readonly NodeOptions Patient = Quick with { Budget = TimeSpan.FromSeconds(30) };

    // All in one slot.
    private static readonly string[] OfOneSlot = [.. Enumerable.Range(0, 10).Select(i => $"book::{{dune}}{i}")];

    private static readonly string[] OfAllShards = [.. Enumerable.Range(0, 12).Select(i => $"book::{i}")];

    [Fact]
    public async Task The_keys_of_a_half_migrated_slot_are_read_and_written_wherever_they_are()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(0);
        await using var use = new NodeUse(cluster.ConnectionString, Patient, [.. OfOneSlot, .. OfAllShards]);
        await use.IsServedAsync();
        use.Forget();

        var migration = await HalfMigrateAsync(cluster);
        await use.IsUsedOnAsync(20);
        Assert.True(await migration.MovedAsync() > 0);
        NothingHasFailed(use);

        await use.Node.RemoveAsync(OfOneSlot, default);
        await migration.EndAsync();
        await use.IsUsedOnAsync(20);
        NothingHasFailed(use);
        Assert.Empty(use.Log.Lines);
    }

    [Fact]
    public async Task A_purge_removes_the_entries_of_a_half_migrated_slot()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(0);
        await using var node = RedisBackend.CreateNode(cluster.ConnectionString, Patient);
        await WriteAsync(node, OfOneSlot);
        await HalfMigrateAsync(cluster);

        var purge = await node.ClearAsync(default);

        Assert.Empty(purge.Problems);
        Assert.Equal(OfOneSlot.Length, purge.Removed);
        foreach (var key in OfOneSlot)
            Assert.Null(await node.ReadAsync(key, default));
    }

    [Fact, Trait("Tier", "All")]
    public async Task Servers_that_announce_host_names_are_used_by_them_through_a_fail_over()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(
            1, "--cluster-require-full-coverage", "no", "--cluster-announce-hostname", "localhost",
            "--cluster-preferred-endpoint-type", "hostname");
        // The names must have reached all servers before.
        await Eventually.IsTrueAsync(
            async () => (await cluster.Servers[0].AskAsync("cluster", "slots")).Split("localhost").Length > cluster.Servers.Count,
            "the names are known");
        var port = cluster.Servers[0].Port.ToString(CultureInfo.InvariantCulture);
        await using (var patient = new NodeUse($"localhost:{port}", Patient, OfAllShards))
        {
            await patient.IsServedAsync();
            patient.Forget();
            await patient.IsUsedOnAsync();
            NothingHasFailed(patient);
            Assert.Equal(3, patient.Node.Circuits.Count());
        }

        await using var use = new NodeUse($"localhost:{port}", Quick, OfAllShards);
        await use.IsServedAsync();
        var (primary, _) = await cluster.ServersOfAsync(TestEntries.Prefix + OfAllShards[0], cluster.Servers[0]);
        await primary.KillAsync();
        await use.IsAsync(NodeState.Degraded);
        await use.IsAsync(NodeState.Up);
        await use.IsServedAsync();
        Assert.Equal([NodeState.Degraded, NodeState.Up], use.States);
        Assert.Empty((await use.Node.ClearAsync(default)).Problems);
    }

    [Fact, Trait("Tier", "All")]
    public async Task The_smallest_user_of_the_documentation_suffices_for_a_Redis_Cluster()
    {
        await using var cluster = await LocalRedisCluster.StartAsync(1, "--cluster-require-full-coverage", "no");
        foreach (var server in cluster.Servers)
            await server.AskAsync(DocumentedUser.Command("secret"));
        await using var use = new NodeUse(
            $"{cluster.ConnectionString},user={DocumentedUser.Name},password=secret", Quick, [.. OfOneSlot, .. OfAllShards]);
        await use.IsServedAsync();
        use.Forget();

        var migration = await HalfMigrateAsync(cluster);
        await use.IsUsedOnAsync(20);
        NothingHasFailed(use);
        await migration.EndAsync();

        // From replicas until one of them is the primary.
        var (primary, _) = await cluster.ServersOfAsync(TestEntries.Prefix + OfAllShards[0]);
        await primary.KillAsync();
        await use.IsAsync(NodeState.Degraded);
        await use.IsAsync(NodeState.Up);
        await use.IsServedAsync();
        var purge = await use.Node.ClearAsync(default);
        Assert.Empty(purge.Problems);
        Assert.DoesNotContain(use.Log.Lines, line => line.Contains("NOPERM", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_purge_just_after_a_fail_over_empties_all_shards_or_names_the_lost_one(bool planned)
    {
        await using var cluster = await LocalRedisCluster.StartAsync(1, "--cluster-require-full-coverage", "no");
        await using var node = RedisBackend.CreateNode(cluster.ConnectionString, Patient);
        string[] keys = [.. Enumerable.Range(0, 300).Select(i => $"book::{i}")];
        await WriteAsync(node, keys);
        var (primary, replicas) = await cluster.ServersOfAsync(TestEntries.Prefix + keys[0]);
        await Eventually.IsTrueAsync(
            async () => await replicas[0].AskAsync("dbsize") == await primary.AskAsync("dbsize"), "the replica has the entries");

        // Nobody calls the node meanwhile, so that nothing has told it.
        await (planned ? replicas[0].AskAsync("cluster", "failover") : primary.KillAsync());
        await Eventually.IsTrueAsync(
            async () => (await replicas[0].AskAsync("info", "replication")).Contains("role:master", StringComparison.Ordinal),
            "the replica has taken over");
        var purge = await node.ClearAsync(default);

        if (purge.Problems.Count > 0)
        {
            // The shard goes by its former primary's address until the node has heard of the new one.
            var named = Assert.Single(purge.Problems).Split(": ")[0];
            Assert.Contains(named, (string[])[primary.Address, replicas[0].Address]);
            Assert.False(planned, purge.Problems[0]);
            var removed = purge.Removed;
            await Eventually.IsTrueAsync(
                async () =>
                {
                    purge = await node.ClearAsync(default);
                    removed += purge.Removed;
                    return purge.Problems.Count == 0;
                },
                "all shards are emptied");
            Assert.Equal(keys.Length, removed);
        }
        else
        {
            Assert.Equal(keys.Length, purge.Removed);
        }

        Assert.Equal("0", await replicas[0].AskAsync("dbsize"));
    }

    private static void NothingHasFailed(NodeUse use)
    {
        Assert.All(use.Reads.Values, reads => Assert.Equal(0, reads.Failed));
        Assert.All(use.Writes.Values, writes => Assert.Equal(0, writes.Failed));
        Assert.Empty(use.States);
    }

    private static async Task WriteAsync(INode node, string[] keys)
    {
        foreach (var key in keys)
        {
            var row = new CachedRow(key, new(1, Guid.NewGuid()), Encoding.UTF8.GetBytes("""{"title":"A book"}"""));
            await node.WriteAsync(row, Minute, overwrite: false, default);
        }
    }

    /// <summary>Begins to migrate the slot of <see cref="OfOneSlot"/>, and moves every second key.</summary>
    private static async Task<Migration> HalfMigrateAsync(LocalRedisCluster cluster)
    {
        var (source, _) = await cluster.ServersOfAsync(TestEntries.Prefix + OfOneSlot[0]);
        var nodes = await LocalRedisCluster.NodesAsync(source);
        var primaries = nodes.Where(node => node.Primary == "-").ToArray();
        var from = primaries.Single(node => node.Port == source.Port);
        var to = primaries.First(node => node.Port != source.Port);
        var target = cluster.At(to.Port);
        var slot = await source.AskAsync("cluster", "keyslot", TestEntries.Prefix + OfOneSlot[0]);
        await target.AskAsync("cluster", "setslot", slot, "importing", from.Id);
        await source.AskAsync("cluster", "setslot", slot, "migrating", to.Id);
        foreach (var key in OfOneSlot.Where((_, i) => i % 2 == 0))
            await source.AskAsync("migrate", "127.0.0.1", $"{target.Port}", TestEntries.Prefix + key, "0", "5000", "replace");
        return new(source, target, to.Id, slot);
    }

    /// <summary>A migration of a slot that is under way.</summary>
    private sealed record Migration(RedisProcess Source, RedisProcess Target, string TargetId, string Slot)
    {
        public async Task<int> MovedAsync() =>
            int.Parse(await Target.AskAsync("cluster", "countkeysinslot", Slot), CultureInfo.InvariantCulture);

        public async Task EndAsync()
        {
            while (await Source.AskAsync("cluster", "getkeysinslot", Slot, "100") is { Length: > 0 } rest)
            {
                foreach (var key in rest.Split('\n'))
                    await Source.AskAsync("migrate", "127.0.0.1", $"{Target.Port}", key.Trim(), "0", "5000", "replace");
            }

            await Target.AskAsync("cluster", "setslot", Slot, "node", TargetId);
            await Source.AskAsync("cluster", "setslot", Slot, "node", TargetId);
        }
    }
}
