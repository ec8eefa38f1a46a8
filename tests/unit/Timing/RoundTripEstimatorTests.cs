using OrleansCache.Timing;

namespace OrleansCache.Tests.Timing;

public sealed class RoundTripEstimatorTests
{
    private readonly RoundTripEstimator _estimator = new();

    [Fact]
    public void Nothing_is_known_before_the_first_ping()
    {
        Assert.Null(_estimator.Shortest);
        Assert.Equal(Milliseconds(1_000), _estimator.Patience(Milliseconds(100), unmeasured: Milliseconds(1_000)));
    }

    [Fact]
    public void The_way_is_the_shortest_of_the_last_pings()
    {
        Note(170, 160, 165);

        Assert.Equal(Milliseconds(160), _estimator.Shortest);
    }

    [Fact]
    public void A_single_pause_changes_neither_the_way_nor_the_patience()
    {
        Note(160, 160, 160, 160, 5_000);

        Assert.Equal(Milliseconds(160), _estimator.Shortest);
        Assert.Equal(Milliseconds(260), _estimator.Patience(Milliseconds(100), default));
    }

    [Fact]
    public void A_longer_way_is_learnt_within_eight_pings()
    {
        Note(10, 160, 160, 160, 160, 160, 160, 160);
        Assert.Equal(Milliseconds(10), _estimator.Shortest);

        Note(160);

        Assert.Equal(Milliseconds(160), _estimator.Shortest);
    }

    [Fact]
    public void The_slack_is_four_times_the_spread_where_that_is_more_than_the_floor()
    {
        Note(100, 150, 150, 150);

        Assert.Equal(Milliseconds(100 + (4 * 50)), _estimator.Patience(Milliseconds(100), default));
    }

    [Fact]
    public void What_was_known_is_forgotten()
    {
        Note(160);

        _estimator.Forget();

        Assert.Null(_estimator.Shortest);
    }

    private static TimeSpan Milliseconds(int value) => TimeSpan.FromMilliseconds(value);

    private void Note(params int[] milliseconds)
    {
        foreach (var value in milliseconds)
            _estimator.Note(Milliseconds(value));
    }
}
