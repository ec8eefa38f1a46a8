using OrleansCache.Client;
using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Tests.Client.Lookups;

public sealed class RegionHealthTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);

    private readonly ManualTimeProvider _time = new();
    private readonly RegionHealth _health;

    public RegionHealthTests() => _health = new(Budget, _time);

    [Fact]
    public void A_few_silences_in_a_row_put_a_region_in_doubt()
    {
        Silences(RegionHealth.SilencesToDoubt - 1);
        Assert.Equal((false, Budget), (_health.IsDoubted, _health.HedgeDelay));
        Silences(1);
        Assert.Equal((true, Budget / 10), (_health.IsDoubted, _health.HedgeDelay));
    }

    [Fact]
    public void Silences_with_time_between_them_are_single_ones()
    {
        for (var i = 0; i < 3 * RegionHealth.SilencesToDoubt; i++)
        {
            Silences(1);
            _time.Advance(RegionHealth.Memory);
        }

        Assert.False(_health.IsDoubted);
    }

    [Fact]
    public void Doubt_ends_by_itself_a_while_after_the_last_silence()
    {
        Silences(RegionHealth.SilencesToDoubt);
        _time.Advance(RegionHealth.Memory - TimeSpan.FromMilliseconds(1));
        Silences(1);
        _time.Advance(RegionHealth.Memory - TimeSpan.FromMilliseconds(1));
        Assert.True(_health.IsDoubted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_health.IsDoubted);
        Silences(1);
        Assert.False(_health.IsDoubted);
    }

    [Fact]
    public void An_attempt_that_had_less_than_its_budget_says_nothing()
    {
        for (var i = 0; i < 10; i++)
            Assert.False(_health.NoteSilence(Budget - TimeSpan.FromMilliseconds(1)));
        Assert.False(_health.IsDoubted);
        Assert.True(_health.NoteSilence(Budget));
    }

    [Fact]
    public void A_late_answer_ends_doubt_and_gives_each_attempt_twice_its_budget_for_a_while()
    {
        Silences(RegionHealth.SilencesToDoubt);

        _health.NoteLate();

        Assert.Equal((false, 2 * Budget), (_health.IsDoubted, _health.Budget));
        Silences(10);
        Assert.False(_health.IsDoubted);
        _time.Advance(RegionHealth.Memory - TimeSpan.FromMilliseconds(1));
        Assert.Equal(2 * Budget, _health.Budget);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Budget, _health.Budget);
        Silences(RegionHealth.SilencesToDoubt);
        Assert.True(_health.IsDoubted);
    }

    [Fact]
    public void Answers_that_need_more_than_the_usual_budget_keep_it_doubled()
    {
        _health.NoteLate();
        for (var i = 0; i < 10; i++)
        {
            var asked = _time.GetTimestamp();
            _time.Advance(RegionHealth.Memory - TimeSpan.FromMilliseconds(1));
            _health.NoteAnswer(asked);
        }

        Assert.Equal(2 * Budget, _health.Budget);
        var soon = _time.GetTimestamp();
        _time.Advance(Budget - TimeSpan.FromMilliseconds(1));
        _health.NoteAnswer(soon);
        _time.Advance(RegionHealth.Memory - Budget);
        Assert.Equal(2 * Budget, _health.Budget);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Budget, _health.Budget);
    }

    [Fact]
    public void Silence_of_twice_the_budget_counts_where_answers_are_late()
    {
        _health.NoteLate();
        for (var i = 0; i < RegionHealth.SilencesToDoubt; i++)
            Assert.True(_health.NoteSilence(2 * Budget));
        Assert.True(_health.IsDoubted);
    }

    [Fact]
    public void A_region_in_doubt_that_enough_calls_wait_for_comes_last()
    {
        for (var i = 0; i < RegionHealth.MostWhileInDoubt; i++)
            Assert.True(_health.TryBegin());
        Assert.False(_health.ShouldDeprioritize);
        Silences(RegionHealth.SilencesToDoubt);
        Assert.True(_health.ShouldDeprioritize);
        _health.End();
        Assert.False(_health.ShouldDeprioritize);
    }

    [Fact]
    public void Unanswered_calls_are_bounded()
    {
        for (var i = 0; i < RegionHealth.MostUnanswered; i++)
            Assert.True(_health.TryBegin());
        Assert.False(_health.TryBegin());
        Assert.Equal(RegionHealth.MostUnanswered, _health.Unanswered);
        _health.End();
        Assert.True(_health.TryBegin());
    }

    private void Silences(int count)
    {
        for (var i = 0; i < count; i++)
            _health.NoteSilence(Budget);
    }
}
