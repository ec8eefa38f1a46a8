using System.Diagnostics;
using System.Globalization;
using OrleansCache.Engine.Tests.Calls;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Idle;

/// <summary>Idle grains are collected, those with a reason to stay are not. A grain without a reason serves as the clock for the others.</summary>
public sealed class IdleCollectionTests(ImpatientCluster cluster) : IClassFixture<ImpatientCluster>
{
    [Fact]
    public async Task An_idle_grain_is_collected_and_learns_why()
    {
        var key = TestClusterFixture.NewKey();
        var start = Stopwatch.GetTimestamp();

        await Mortal(key).Touch();
        await cluster.Stage.WaitForNotesAsync(key, 1);

        Assert.Equal([nameof(DeactivationReasonCode.ActivationIdle)], cluster.Stage.Notes(key));
        Assert.True(Stopwatch.GetElapsedTime(start) > ImpatientCluster.Age * 0.8, "It was collected before its age.");
    }

    [Fact]
    public async Task A_grain_in_use_stays()
    {
        // On a machine that stands still for a moment even this grain is idle for its age; then the observation says nothing and is made again.
        await Until.TrueAsync(
            async () =>
            {
                var key = TestClusterFixture.NewKey();
                var idle = TimeSpan.Zero;
                var sent = Stopwatch.GetTimestamp();
                await WhileOthersGoAsync(async () =>
                {
                    var before = sent;
                    sent = Stopwatch.GetTimestamp();
                    await Mortal(key).Touch();
                    idle = Longer(idle, Stopwatch.GetElapsedTime(before));
                });
                if (idle > ImpatientCluster.Age / 2 && cluster.Stage.Notes(key).Count > 0)
                    return false;
                Assert.Empty(cluster.Stage.Notes(key));
                return true;
            },
            () => "a grain that stays, or was not idle for half its age");
    }

    [Fact]
    public async Task A_grain_that_is_busy_with_one_long_call_stays()
    {
        var key = TestClusterFixture.NewKey();
        var call = Mortal(key).Wait();
        await cluster.Stage.Gate(key).Arrived;

        await WhileOthersGoAsync(() => Task.CompletedTask, times: 1);
        Assert.Empty(cluster.Stage.Notes(key));

        cluster.Stage.Gate(key).Open();
        await call;
    }

    [Fact]
    public async Task A_class_that_is_kept_alive_stays()
    {
        var key = TestClusterFixture.NewKey();
        await cluster.Client.GetGrain<IResidentGrain>(key).Touch();

        await WhileOthersGoAsync(() => Task.CompletedTask);

        Assert.Empty(cluster.Stage.Notes(key));
    }

    [Fact]
    public async Task A_grain_that_delays_its_deactivation_stays_for_as_long_and_no_longer()
    {
        var delay = ImpatientCluster.Age * 4;
        string brief = TestClusterFixture.NewKey(), lasting = TestClusterFixture.NewKey();
        await Mortal(lasting).StayFor(TimeSpan.FromHours(1));
        var start = Stopwatch.GetTimestamp();
        await Mortal(brief).StayFor(delay);

        await cluster.Stage.WaitForNotesAsync(brief, 1);

        Assert.True(Stopwatch.GetElapsedTime(start) >= delay * 0.95, "It did not stay for as long as it asked.");
        Assert.Empty(cluster.Stage.Notes(lasting));
    }

    [Fact]
    public async Task A_grain_can_take_back_its_delay()
    {
        var key = TestClusterFixture.NewKey();
        await Mortal(key).StayFor(TimeSpan.FromSeconds(100));

        await Mortal(key).StayFor(TimeSpan.FromTicks(-1));

        await cluster.Stage.WaitForNotesAsync(key, 1);
    }

    [Fact]
    public async Task A_timer_keeps_its_grain_only_if_told_to()
    {
        var left = TestClusterFixture.NewKey();
        await Mortal(left).Tick(keepAlive: false);
        await cluster.Stage.WaitForNotesAsync(left, 1);

        await Until.TrueAsync(
            async () =>
            {
                var kept = TestClusterFixture.NewKey();
                await Mortal(kept).Tick(keepAlive: true);
                await WhileOthersGoAsync(() => Task.CompletedTask);
                long[] ticks = [.. cluster.Stage.Notes(kept + "/ticks").Select(note => long.Parse(note, CultureInfo.InvariantCulture))];
                var pause = ticks.Zip(ticks.Skip(1), Stopwatch.GetElapsedTime).Aggregate(TimeSpan.Zero, Longer);
                if ((pause > ImpatientCluster.Age / 2 || ticks.Length < 2) && cluster.Stage.Notes(kept).Count > 0)
                    return false;
                Assert.Empty(cluster.Stage.Notes(kept));
                return true;
            },
            () => "a grain that its timer keeps, or a timer without a long pause");
    }

    [Fact]
    public async Task The_configured_patience_of_the_client_and_of_a_silo_ends_a_slow_call()
    {
        IGrainFactory[] callers = [cluster.Client, TestClusterFixture.Factory(cluster.Cluster.Silos[0])];
        foreach (var caller in callers)
        {
            var key = TestClusterFixture.NewKey();
            var start = Stopwatch.GetTimestamp();

            await Assert.ThrowsAsync<TimeoutException>(() => caller.GetGrain<ISlowGrain>(key).Wait().WaitAsync(Until.Bound));

            Assert.InRange(Stopwatch.GetElapsedTime(start), ImpatientCluster.Patience * 0.9, ImpatientCluster.Patience * 8);
            cluster.Stage.Gate(key).Open();
        }
    }

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private IMortalGrain Mortal(string key) => cluster.Client.GetGrain<IMortalGrain>(key);

    /// <summary>Does something again and again until grains that nobody uses have been collected a few times over, one after the other.</summary>
    private async Task WhileOthersGoAsync(Func<Task> again, int times = 3)
    {
        for (var i = 0; i < times; i++)
        {
            var other = TestClusterFixture.NewKey();
            await Mortal(other).Touch();
            await Until.TrueAsync(
                async () =>
                {
                    await again();
                    return cluster.Stage.Notes(other).Count > 0;
                },
                () => "another grain that is collected");
        }
    }
}
