using System.Diagnostics;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Clusters;
using Xunit.Abstractions;

namespace OrleansCache.Tests.Topology;

/// <summary>A region whose node is behind Sentinel loses its primary under lookups.</summary>
public sealed class SentinelLookupTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory, Trait("Tier", "All")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task No_lookup_fails_and_entries_land_on_the_new_primary_within_10_s_of_its_election(bool killed)
    {
        await using var local = await LocalSentinel.StartAsync();
        await using var cluster = await CacheCluster.StartAsync(new ClusterShape { Regions = ["europe"], Silos = ["europe.1"] });
        var router = cluster.Router("europe");
        await router.AddNodeAsync("europe-2", local.ConnectionString, 100);
        var ring = await router.RemoveNodeAsync("europe-1");
        var node = Assert.Single(ring.Nodes);
        Assert.Equal($"{LocalSentinel.Service}@{string.Join(',', local.Sentinels.Select(sentinel => sentinel.Address))}", node.Address);
        var (lookups, slowest, number) = (0, TimeSpan.Zero, 0);
        var old = await local.PrimaryAsync();
        await Eventually.IsTrueAsync(() => LookedUpIsOnAsync(old), "an entry is on the primary");

        var began = Stopwatch.GetTimestamp();
        await (killed ? old.KillAsync() : old.PauseAsync());
        using var stopping = new CancellationTokenSource();
        var reader = Task.Run(async () =>
        {
            while (!stopping.IsCancellationRequested)
            {
                var took = (await LookUpAsync()).Took;
                (lookups, slowest) = (lookups + 1, took > slowest ? took : slowest);
            }
        });
        var primary = await local.SuccessorOfAsync(old);
        // How long the Sentinels take is their affair: on a busy machine they vote more than once.
        var elected = Stopwatch.GetElapsedTime(began);
        await Eventually.IsTrueAsync(() => LookedUpIsOnAsync(primary), "an entry is on the new primary");
        var landed = Stopwatch.GetElapsedTime(began);
        await stopping.CancelAsync();
        await reader;
        output.WriteLine(
            $"elected after {elected.TotalSeconds:0.0} s, entries land after {landed.TotalSeconds:0.0} s; "
            + $"{lookups} lookups, none failed, slowest {slowest.TotalMilliseconds:0} ms");
        Assert.InRange(landed - elected, TimeSpan.Zero, Limit);

        async Task<bool> LookedUpIsOnAsync(RedisProcess server)
        {
            var (key, _) = await LookUpAsync();
            return (await server.AskAsync("keys", $"*{key}")).Length > 0;
        }

        // A lookup that fails throws.
        async Task<(string Key, TimeSpan Took)> LookUpAsync()
        {
            var key = $"sentinel::{Interlocked.Increment(ref number)}.";
            await cluster.WriteAsync(key, key);
            var start = Stopwatch.GetTimestamp();
            var answer = await cluster.LookupAsync("europe", key);
            var took = Stopwatch.GetElapsedTime(start);
            Assert.Equal((key, LookupFlags.None), (CacheCluster.TitleOf(answer), answer.Flags));
            return (key, took);
        }
    }
}
