using OrleansCache.Client;
using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Tests.Client.Lookups;

/// <summary>The limit of lookups in flight while most of them are slow.</summary>
public sealed class ConcurrencyLimitTests : IDisposable
{
    private const int Most = 64;
    private readonly ManualTimeProvider _time = new();
    private readonly CacheClientOptions _options = new() { MaxLookupsInFlight = Most, MaxLookupsWaiting = 1_000 };
    private readonly LookupAdmission _admission;

    public ConcurrencyLimitTests() => _admission = new(_options, _time);

    public void Dispose() => _admission.Dispose();

    [Fact]
    public async Task While_most_lookups_are_slow_half_of_the_places_are_closed_again_and_again_down_to_a_few()
    {
        int[] open = [.. await CountsAsync(5, _ => true)];

        Assert.Equal([32, 16, AdaptiveConcurrencyLimit.Minimum, AdaptiveConcurrencyLimit.Minimum, AdaptiveConcurrencyLimit.Minimum], open);
        Assert.Equal(AdaptiveConcurrencyLimit.Minimum, await FreeAsync());
    }

    [Fact]
    public async Task Where_some_are_slow_no_place_is_closed()
    {
        Assert.Equal([Most, Most, Most], await CountsAsync(3, i => i % 2 == 0));
        Assert.Equal(Most, await FreeAsync());
    }

    [Fact]
    public async Task A_few_slow_lookups_in_a_quiet_client_close_nothing()
    {
        for (var i = 0; i < AdaptiveConcurrencyLimit.Minimum - 1; i++)
        {
            await EnterAsync();
            _time.Advance(TimeSpan.FromSeconds(1));
            _admission.Leave(true);
        }

        Assert.Equal(Most, _admission.Limit);
    }

    [Fact]
    public async Task They_open_again_with_each_lookup_that_is_not_slow_and_with_fewer_of_them_near_what_was_too_many()
    {
        await CountsAsync(3, _ => true);

        var toHalf = await QuickOnesUntilAsync(Most / 2);
        var toAll = await QuickOnesUntilAsync(Most);
        Assert.True(toAll > 10 * toHalf, $"{toHalf} lookups opened the first half, {toAll} the second");
        Assert.Equal(Most, await FreeAsync());
    }

    [Fact]
    public async Task Places_in_use_are_closed_when_they_are_given_back_however_many_wait_for_them()
    {
        for (var lookup = 0; lookup < Most; lookup++)
            await EnterAsync();
        Task[] waiting = [.. Enumerable.Range(0, Most).Select(_ => EnterAsync().AsTask())];
        _time.Advance(TimeSpan.FromMilliseconds(300));

        for (var lookup = 0; lookup < Most; lookup++)
            _admission.Leave(true);

        Assert.Equal(Most / 2, _admission.Limit);
        await Eventually.IsTrueAsync(() => waiting.Count(task => task.IsCompletedSuccessfully) >= Most / 2, "half of them to have come in");
        Assert.Equal(0, await FreeAsync());
        Assert.Equal(Most / 2, waiting.Count(task => task.IsCompletedSuccessfully));
        for (var lookup = 0; lookup < Most / 2; lookup++)
            _admission.Leave(false);
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task Those_that_wait_come_in_when_places_open_again()
    {
        await CountsAsync(3, _ => true);
        for (var i = 0; i < AdaptiveConcurrencyLimit.Minimum; i++)
            await EnterAsync();
        Task[] waiting = [.. Enumerable.Range(0, 2).Select(_ => EnterAsync().AsTask())];
        Assert.DoesNotContain(waiting, task => task.IsCompleted);

        // One permit is given back, and the limit rises by one.
        _admission.Leave(false);

        await Task.WhenAll(waiting);
    }

    private ValueTask EnterAsync(CancellationToken cancellation = default) =>
        _admission.EnterAsync("book::1984", new(_options, _time), cancellation);

    /// <summary>Runs as many lookups as the limit allows, for several sampling windows.</summary>
    /// <returns>The limit after each.</returns>
    private async Task<List<int>> CountsAsync(int whiles, Func<int, bool> isSlow)
    {
        var counts = new List<int>();
        for (var i = 0; i < whiles; i++)
        {
            var open = _admission.Limit;
            for (var lookup = 0; lookup < open; lookup++)
                await EnterAsync();
            for (var lookup = 0; lookup < open; lookup++)
            {
                if (lookup == open - 1)
                    _time.Advance(TimeSpan.FromMilliseconds(300));
                _admission.Leave(isSlow(lookup));
            }

            counts.Add(_admission.Limit);
        }

        return counts;
    }

    /// <summary>Runs quick lookups, one after the other, until the limit has risen; returns how many.</summary>
    private async Task<int> QuickOnesUntilAsync(int open)
    {
        var lookups = 0;
        for (; _admission.Limit < open && lookups < 10_000; lookups++)
        {
            await EnterAsync();
            _admission.Leave(false);
        }

        return lookups;
    }

    /// <summary>The number of lookups that get a permit at once.</summary>
    private async Task<int> FreeAsync()
    {
        var free = 0;
        for (; free <= Most; free++)
        {
            using var giveUp = new CancellationTokenSource();
            var place = EnterAsync(giveUp.Token);
            if (place.IsCompletedSuccessfully)
                continue;
            await giveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(place.AsTask);
            break;
        }

        return free;
    }
}
