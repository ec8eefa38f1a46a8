using System.Diagnostics;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;
using Xunit.Abstractions;

namespace OrleansCache.Tests.Topology;

/// <summary>What readers notice while the server of their region's only node answers, but is in trouble.</summary>
public sealed class NodeFaultLookupTests(ITestOutputHelper output)
{
    private static readonly string[] Keys = [.. Enumerable.Range(0, 40).Select(i => $"fault::{i}")];

    public static TheoryData<string, string[], string[]> Faults => new()
    {
        { "READONLY", ["replicaof 127.0.0.1 1"], ["replicaof no one"] },
        { "NOREPLICAS", ["config set min-replicas-to-write 1"], ["config set min-replicas-to-write 0"] },
        { "OOM", ["config set maxmemory 1"], ["config set maxmemory 0"] },
        { "NOPERM", ["acl setuser default resetkeys ~other:*"], ["acl setuser default allkeys"] },
        { "NOAUTH", ["config set requirepass new", "-a new client kill type normal skipme yes"], ["-a new config set requirepass "] },
        { "No response", ["client pause 600000 write"], ["client unpause"] },
        // It answers when the pause is over.
        { "No response", ["client pause 8000 all"], ["ping"] },
    };

    [Theory, Trait("Tier", "All")]
    [MemberData(nameof(Faults))]
    public async Task No_lookup_fails_and_Redis_serves_again_when_it_is_over(string reason, string[] begin, string[] end)
    {
        await using var server = await RedisProcess.StartAsync();
        await using var cluster = await CacheCluster.StartAsync(new ClusterShape
        {
            Regions = ["europe"], Silos = ["europe.1"], Settings = ClusterShape.QuickNodes(),
        });
        var router = cluster.Router("europe");
        await router.AddNodeAsync("europe-2", server.Address, 100);
        await router.RemoveNodeAsync("europe-1");
        await cluster.WriteAsync(Keys);
        await Eventually.IsTrueAsync(IsServedByRedisAsync, "Redis serves the books");
        var (lookups, slowest) = (0, TimeSpan.Zero);
        using var stopping = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            for (var i = 0; !stopping.IsCancellationRequested; i++)
            {
                // A new book is written to the node, a known one is read from it.
                var key = i % 4 == 0 ? $"fault::new {i}" : Keys[i % Keys.Length];
                if (i % 4 == 0)
                    await cluster.WriteAsync(key);
                var asked = Stopwatch.GetTimestamp();
                await LookUpAsync(key);
                var took = Stopwatch.GetElapsedTime(asked);
                (lookups, slowest) = (lookups + 1, took > slowest ? took : slowest);
            }
        });

        await AskAsync(begin);
        await Eventually.IsTrueAsync(
            async () => reader.IsFaulted
                || (await NodeAsync() is { State: not NodeState.Up, Reason: { } told } && told.Contains(reason, StringComparison.Ordinal)),
            $"{reason} is told");
        await AskAsync(end);
        var ended = Stopwatch.GetTimestamp();
        await Eventually.IsTrueAsync(
            async () => reader.IsFaulted || ((await NodeAsync()).State == NodeState.Up && await IsServedByRedisAsync()),
            "all is as before");
        var normal = Stopwatch.GetElapsedTime(ended);
        await stopping.CancelAsync();
        await reader;

        output.WriteLine(
            $"| {string.Join("; ", begin)} | {reason} | {lookups} lookups, 0 failed or flagged | {slowest.TotalMilliseconds:0} ms "
            + $"| {normal.TotalSeconds:0.0} s |");

        async Task<RingNode> NodeAsync() => Assert.Single((await router.GetRingAsync()).Nodes);

        async Task<bool> IsServedByRedisAsync() => (await Task.WhenAll(Keys.Select(LookUpAsync))).All(tier => tier == Tier.Redis);

        // A lookup that fails throws.
        async Task<Tier> LookUpAsync(string key)
        {
            cluster.SiloOf("europe").Entries.Drop([key]);
            var answer = await cluster.LookupAsync("europe", key);
            Assert.Equal((true, LookupFlags.None), (answer.Row.Exists, answer.Flags));
            return answer.Tier;
        }

        async Task AskAsync(string[] commands)
        {
            foreach (var command in commands)
                await server.AskAsync(command.Split(' '));
        }
    }
}
