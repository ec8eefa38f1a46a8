using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Calls;

/// <summary>A call that is not answered ends in an error, not in silence.</summary>
[Collection(TwoSilosCollection.Name)]
public sealed class TimeoutTests(TwoSilos cluster)
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_cycle_of_calls_ends_in_a_timeout(int length)
    {
        var silos = cluster.Cluster.Silos;
        string[] keys = [.. Enumerable.Range(0, length).Select(i => TestClusterFixture.NewKeyOn(silos[i % silos.Count]))];

        await Assert.ThrowsAsync<TimeoutException>(() => Slow(keys[0]).Cycle(keys, 1).WaitAsync(Until.Bound));

        // The grains are not lost: once the cycle has been given up they answer again.
        foreach (var key in keys)
            Assert.True(await Slow(key).Answers());
    }

    [Fact]
    public async Task A_grain_that_calls_itself_ends_in_a_timeout()
    {
        var key = TestClusterFixture.NewKey();

        await Assert.ThrowsAsync<TimeoutException>(() => Slow(key).Cycle([key], 0).WaitAsync(Until.Bound));

        Assert.True(await Slow(key).Answers());
    }

    [Fact]
    public async Task A_slow_call_ends_after_the_timeout_of_its_method()
    {
        var key = TestClusterFixture.NewKey();

        // The bound of WaitAsync would be a TimeoutException too, hence the comparison of the clock.
        var start = TimeProvider.System.GetTimestamp();
        await Assert.ThrowsAsync<TimeoutException>(() => Slow(key).WaitOneSecond().WaitAsync(Until.Bound));
        var taken = TimeProvider.System.GetElapsedTime(start);
        Assert.InRange(taken, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(20));

        cluster.Stage.Gate(key).Open();
        Assert.True(await Slow(key).Answers());
    }

    [Fact]
    public async Task A_grain_that_calls_learns_of_the_timeout_as_well()
    {
        var silos = cluster.Cluster.Silos;
        var other = TestClusterFixture.NewKeyOn(silos[1]);

        Assert.Equal("timeout", await Slow(TestClusterFixture.NewKeyOn(silos[0])).WaitFor(other));

        cluster.Stage.Gate(other).Open();
        Assert.Equal("answered", await Slow(TestClusterFixture.NewKeyOn(silos[0])).WaitFor(other));
    }

    private ISlowGrain Slow(string key) => cluster.Client.GetGrain<ISlowGrain>(key);
}
