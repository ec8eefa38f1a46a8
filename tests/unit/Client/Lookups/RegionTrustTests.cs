using OrleansCache.Client;
using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Tests.Client.Lookups;

public sealed class RegionTrustTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);

    private readonly ManualTimeProvider _time = new();
    private readonly RegionTrust _trust;

    public RegionTrustTests() => _trust = new(Budget, _time);

    [Fact]
    public void A_few_silences_in_a_row_put_a_region_in_doubt()
    {
        Silences(RegionTrust.SilencesToDoubt - 1);
        Assert.Equal((false, Budget), (_trust.IsDoubted, _trust.Patience));
        Silences(1);
        Assert.Equal((true, Budget / 10), (_trust.IsDoubted, _trust.Patience));
    }

    [Fact]
    public void Silences_with_time_between_them_are_single_ones()
    {
        for (var i = 0; i < 3 * RegionTrust.SilencesToDoubt; i++)
        {
            Silences(1);
            _time.Advance(RegionTrust.Memory);
        }

        Assert.False(_trust.IsDoubted);
    }

    [Fact]
    public void Doubt_ends_by_itself_a_while_after_the_last_silence()
    {
        Silences(RegionTrust.SilencesToDoubt);
        _time.Advance(RegionTrust.Memory - TimeSpan.FromMilliseconds(1));
        Silences(1);
        _time.Advance(RegionTrust.Memory - TimeSpan.FromMilliseconds(1));
        Assert.True(_trust.IsDoubted);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False(_trust.IsDoubted);
        Silences(1);
        Assert.False(_trust.IsDoubted);
    }

    [Fact]
    public void An_attempt_that_had_less_than_its_budget_says_nothing()
    {
        for (var i = 0; i < 10; i++)
            Assert.False(_trust.NoteSilence(Budget - TimeSpan.FromMilliseconds(1)));
        Assert.False(_trust.IsDoubted);
        Assert.True(_trust.NoteSilence(Budget));
    }

    [Fact]
    public void A_late_answer_ends_doubt_and_gives_each_attempt_twice_its_budget_for_a_while()
    {
        Silences(RegionTrust.SilencesToDoubt);

        _trust.NoteLate();

        Assert.Equal((false, 2 * Budget), (_trust.IsDoubted, _trust.Budget));
        Silences(10);
        Assert.False(_trust.IsDoubted);
        _time.Advance(RegionTrust.Memory - TimeSpan.FromMilliseconds(1));
        Assert.Equal(2 * Budget, _trust.Budget);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Budget, _trust.Budget);
        Silences(RegionTrust.SilencesToDoubt);
        Assert.True(_trust.IsDoubted);
    }

    [Fact]
    public void Answers_that_need_more_than_the_usual_budget_keep_it_doubled()
    {
        _trust.NoteLate();
        for (var i = 0; i < 10; i++)
        {
            var asked = _time.GetTimestamp();
            _time.Advance(RegionTrust.Memory - TimeSpan.FromMilliseconds(1));
            _trust.NoteAnswer(asked);
        }

        Assert.Equal(2 * Budget, _trust.Budget);
        var soon = _time.GetTimestamp();
        _time.Advance(Budget - TimeSpan.FromMilliseconds(1));
        _trust.NoteAnswer(soon);
        _time.Advance(RegionTrust.Memory - Budget);
        Assert.Equal(2 * Budget, _trust.Budget);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(Budget, _trust.Budget);
    }

    [Fact]
    public void Silence_of_twice_the_budget_counts_where_answers_are_late()
    {
        _trust.NoteLate();
        for (var i = 0; i < RegionTrust.SilencesToDoubt; i++)
            Assert.True(_trust.NoteSilence(2 * Budget));
        Assert.True(_trust.IsDoubted);
    }

    [Fact]
    public void A_region_in_doubt_that_enough_calls_wait_for_comes_last()
    {
        for (var i = 0; i < RegionTrust.MostWhileInDoubt; i++)
            Assert.True(_trust.TryBegin());
        Assert.False(_trust.IsForLast);
        Silences(RegionTrust.SilencesToDoubt);
        Assert.True(_trust.IsForLast);
        _trust.End();
        Assert.False(_trust.IsForLast);
    }

    [Fact]
    public void Unanswered_calls_are_bounded()
    {
        for (var i = 0; i < RegionTrust.MostUnanswered; i++)
            Assert.True(_trust.TryBegin());
        Assert.False(_trust.TryBegin());
        Assert.Equal(RegionTrust.MostUnanswered, _trust.Unanswered);
        _trust.End();
        Assert.True(_trust.TryBegin());
    }

    private void Silences(int count)
    {
        for (var i = 0; i < count; i++)
            _trust.NoteSilence(Budget);
    }
}
