using System.Diagnostics;
using System.Text;
using OrleansCache.Entries;
using OrleansCache.Redis;
using OrleansCache.TestSupport;
using Xunit.Abstractions;

namespace OrleansCache.Tests.Redis;

/// <summary>A primary behind Sentinel as a node: what its loss costs, and that the node follows to the new one.</summary>
public sealed class RedisSentinelNodeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static readonly NodeOptions Quick = new() { Budget = TimeSpan.FromSeconds(3), RetryAfter = TimeSpan.FromMilliseconds(200) };

    [Fact]
    public async Task When_the_primary_is_killed_reads_go_on_and_entries_land_on_the_new_one_and_are_purged_there()
    {
        await using var local = await LocalSentinel.StartAsync();
        await using var use = new NodeUse(local.ConnectionString, Quick);
        await use.IsServedAsync();
        var old = await local.PrimaryAsync();
        use.Forget();

        await old.KillAsync();
        var primary = await LandsAsync(local, old, use);

        // What was on its way to the primary is lost; everything else is read from the replica. It may be few, since each read follows a
        // write, which waits for the new primary.
        Assert.All(use.Reads.Values, key => Assert.True(key.Served > 0 && key.Served >= key.Failed));
        await use.IsAsync(NodeState.Up);
        await use.IsServedAsync();
        Assert.DoesNotContain(NodeState.Down, use.States);
        await IsPurgedAsync(primary, use);

        // It returns as a replica of the new primary.
        await old.StartAgainAsync();
        await local.IsWellAsync();
        await use.IsServedAsync();
        Assert.DoesNotContain(NodeState.Down, use.States);
        await IsPurgedAsync(primary, use);
    }

    [Fact, Trait("Tier", "All")]
    public async Task When_the_primary_hangs_entries_land_on_the_new_one_and_its_return_is_not_noticed()
    {
        await using var local = await LocalSentinel.StartAsync();
        await using var use = new NodeUse(local.ConnectionString, Quick);
        await use.IsServedAsync();
        var old = await local.PrimaryAsync();
        use.Forget();

        await old.PauseAsync();
        var primary = await LandsAsync(local, old, use);
        await use.IsAsync(NodeState.Up);
        await use.IsServedAsync();
        await IsPurgedAsync(primary, use);

        // For some seconds it takes itself for the primary.
        await old.ResumeAsync();
        await local.IsWellAsync();
        await use.IsServedAsync();
        await use.IsAsync(NodeState.Up);
        await IsPurgedAsync(primary, use);
        Assert.DoesNotContain(NodeState.Down, use.States.Skip(use.States.ToList().LastIndexOf(NodeState.Up)));
    }

    [Fact, Trait("Tier", "All")]
    public async Task When_the_primary_and_two_Sentinels_are_lost_and_come_back_the_node_recovers()
    {
        await using var local = await LocalSentinel.StartAsync(replicas: 0);
        await using var use = new NodeUse(local.ConnectionString, Quick);
        await use.IsServedAsync();

        await local.Servers[0].KillAsync();
        await use.IsAsync(NodeState.Down);
        var before = await ClientsAsync();
        await use.IsUsedOnAsync(500);
        // Each attempt to find the primary has closed what it has opened.
        Assert.InRange(await ClientsAsync(), 1, before + 5);
        foreach (var sentinel in local.Sentinels.Take(2))
            await sentinel.KillAsync();
        await use.IsUsedOnAsync(100);
        foreach (var sentinel in local.Sentinels.Take(2))
            await sentinel.StartAgainAsync();
        await local.Servers[0].StartAgainAsync();

        await use.IsAsync(NodeState.Up);
        await use.IsServedAsync();

        async Task<int> ClientsAsync() => (await local.Sentinels[2].AskAsync("client", "list")).Split('\n').Length;
    }

    [Fact]
    public async Task A_service_that_the_Sentinels_do_not_know_is_told()
    {
        await using var local = await LocalSentinel.StartAsync(replicas: 0);
        var connection = $"{local.Sentinels[0].Address},serviceName=other";
        await using var node = RedisBackend.CreateNode(connection, Quick with { Budget = Minute });

        var found = await node.ProbeAsync(default);

        Assert.Equal(NodeState.Down, found.State);
        Assert.Contains("Sentinel", found.Reason, StringComparison.Ordinal);
        Assert.Contains("other", found.Reason, StringComparison.Ordinal);
        Assert.Contains("SENTINEL MASTER", RedisFault.AdviceFor(found.Reason!), StringComparison.Ordinal);
    }

    [Fact, Trait("Tier", "All")]
    public async Task Data_servers_with_a_password_are_reached_through_Sentinels_without_one()
    {
        await using var local = await LocalSentinel.StartAsync(replicas: 0, "--requirepass", "secret");
        await using var node = RedisBackend.CreateNode($"{local.ConnectionString},password=secret", Quick with { Budget = Minute });

        Assert.Equal(NodeHealth.Up, await node.ProbeAsync(default));
    }

    /// <summary>Waits until an entry that was written after the loss of the primary is on the new one.</summary>
    private async Task<RedisProcess> LandsAsync(LocalSentinel local, RedisProcess old, NodeUse use)
    {
        var began = Stopwatch.GetTimestamp();
        var primary = await local.SuccessorOfAsync(old);
        var switched = Stopwatch.GetElapsedTime(began);
        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    var row = new CachedRow("book::after", new(1, Guid.NewGuid()), Encoding.UTF8.GetBytes("""{"title":"A book"}"""));
                    await use.Node.WriteAsync(row, Minute, overwrite: true, default);
                }
                catch (NodeUnavailableException)
                {
                    return false;
                }

                return await primary.AskAsync("exists", TestEntries.Prefix + "book::after") == "1";
            },
            "an entry is on the new primary");
        var (served, failed) = use.Reads.Values.Aggregate((0, 0), (sum, key) => (sum.Item1 + key.Served, sum.Item2 + key.Failed));
        output.WriteLine(
            $"new primary after {switched.TotalSeconds:0.0} s, entries on it after {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s, "
            + $"{served} reads served, {failed} failed, {use.Slow} calls slow, states {string.Join(' ', use.States)}");
        output.WriteLine(string.Join('\n', use.Log.Warnings));
        return primary;
    }

    private static async Task IsPurgedAsync(RedisProcess primary, NodeUse use)
    {
        var row = new CachedRow("book::purged", new(1, Guid.NewGuid()), null);
        await use.Node.WriteAsync(row, Minute, overwrite: true, default);
        var purge = await use.Node.ClearAsync(default);
        Assert.Empty(purge.Problems);
        Assert.InRange(purge.Removed, 1, 10);
        Assert.Equal("0", await primary.AskAsync("exists", TestEntries.Prefix + "book::purged"));
    }
}
