using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Client.Tests.Lookups;

/// <summary>How many lookups are under way when most of them are slow.</summary>
public sealed class SlowClusterTests : IDisposable
{
    private const int Most = 64;
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan Allowed = TimeSpan.FromSeconds(2);

    private readonly ManualTimeProvider _time = new();
    private readonly LookupPlaces _places;

    public SlowClusterTests() => _places = new(new() { MaxLookupsInFlight = Most, MaxLookupsWaiting = 1_000 }, _time);

    public void Dispose() => _places.Dispose();

    [Fact]
    public async Task While_most_lookups_are_slow_half_of_the_places_are_closed_again_and_again_down_to_a_few()
    {
        int[] open = [.. await CountsAsync(5, _ => Slow)];

        Assert.Equal([32, 16, CongestionWindow.Least, CongestionWindow.Least, CongestionWindow.Least], open);
        Assert.Equal(CongestionWindow.Least, await FreeAsync());
    }

    [Fact]
    public async Task Where_some_are_slow_no_place_is_closed()
    {
        Assert.Equal([Most, Most, Most], await CountsAsync(3, i => i % 2 == 0 ? Slow : Quick));
        Assert.Equal(Most, await FreeAsync());
    }

    [Fact]
    public async Task One_that_had_less_time_than_two_attempts_and_used_it_up_was_slow()
    {
        Assert.Equal([32], await CountsAsync(1, _ => TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(300)));
        Assert.Equal([32], await CountsAsync(1, _ => TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(400)));
    }

    [Fact]
    public async Task They_open_again_with_each_lookup_that_is_not_slow_and_with_fewer_of_them_near_what_was_too_many()
    {
        await CountsAsync(3, _ => Slow);

        var before = CongestionWindow.Least;
        for (var lookups = 0; _places.Open < Most; lookups++)
        {
            Assert.True(lookups < 10_000, $"{_places.Open} of {Most} places are open after {lookups} quick lookups.");
            await _places.EnterAsync("book::1984", default);
            _places.Leave(Quick, Allowed);
            Assert.InRange(_places.Open - before, 0, 1);
            before = _places.Open;
        }

        Assert.Equal(Most, await FreeAsync());
    }

    [Fact]
    public async Task Places_in_use_are_closed_when_they_are_given_back_however_many_wait_for_them()
    {
        for (var lookup = 0; lookup < Most; lookup++)
            await _places.EnterAsync("book::1984", default);
        Task[] waiting = [.. Enumerable.Range(0, Most).Select(_ => _places.EnterAsync("book::1984", default).AsTask())];
        _time.Advance(TimeSpan.FromMilliseconds(300));

        for (var lookup = 0; lookup < Most; lookup++)
            _places.Leave(Slow, Allowed);

        Assert.Equal(Most / 2, _places.Open);
        await Eventually.IsTrueAsync(() => waiting.Count(task => task.IsCompletedSuccessfully) == Most / 2, "half of them to have come in");
        for (var lookup = 0; lookup < Most / 2; lookup++)
            _places.Leave(Quick, Allowed);
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task Those_that_wait_come_in_when_places_open_again()
    {
        await CountsAsync(3, _ => Slow);
        for (var i = 0; i < CongestionWindow.Least; i++)
            await _places.EnterAsync("book::1984", default);
        Task[] waiting = [.. Enumerable.Range(0, 2).Select(_ => _places.EnterAsync("book::1984", default).AsTask())];
        Assert.DoesNotContain(waiting, task => task.IsCompleted);

        // One place is given back, and another one opens with it.
        _places.Leave(Quick, Allowed);

        await Task.WhenAll(waiting);
    }

    /// <summary>Has lookups for a while, as many at a time as there may be, several times; and says how many places are open after each.</summary>
    private async Task<List<int>> CountsAsync(int whiles, Func<int, TimeSpan> took, TimeSpan? allowed = null)
    {
        var counts = new List<int>();
        for (var i = 0; i < whiles; i++)
        {
            var open = _places.Open;
            for (var lookup = 0; lookup < open; lookup++)
                await _places.EnterAsync("book::1984", default);
            for (var lookup = 0; lookup < open; lookup++)
            {
                if (lookup == open - 1)
                    _time.Advance(TimeSpan.FromMilliseconds(300));
                _places.Leave(took(lookup), allowed ?? Allowed);
            }

            counts.Add(_places.Open);
        }

        return counts;
    }

    /// <summary>How many lookups find a place at once.</summary>
    private async Task<int> FreeAsync()
    {
        var free = 0;
        for (; free <= Most; free++)
        {
            using var giveUp = new CancellationTokenSource();
            var place = _places.EnterAsync("book::1984", giveUp.Token);
            if (place.IsCompletedSuccessfully)
                continue;
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(place.AsTask);
            break;
        }

        return free;
    }
}
