using Xunit;

namespace OrleansCache.Tests.Client.Lookups;

/// <summary>A client that asks more at once than can be answered.</summary>
public sealed class CrowdTests
{
    private readonly LookupScene _scene = new(options =>
    {
        options.MaxLookupsInFlight = 2;
        options.MaxLookupsWaiting = 1;
    });

    private readonly TaskCompletionSource<LookupAnswer> _answer = new();

    public CrowdTests() => _scene.Grains.Regions["europe"] = (_, _) => new(_answer.Task);

    [Fact]
    public async Task The_next_lookup_waits_for_its_turn_and_a_further_one_is_refused_at_once()
    {
        var asked = Enumerable.Range(0, 3).Select(_ => _scene.GetAsync()).ToArray();
        await _scene.AskedAsync(2);

        var error = await Assert.ThrowsAsync<LookupRefusedException>(() => _scene.GetAsync());

        Assert.Contains("MaxLookupsInFlight", error.Message);
        Assert.Equal(2, _scene.Grains.Asked.Count);
        _answer.SetResult(await FakeGrains.Answers()(new("europe", 1, "book::1984"), default));
        Assert.All(await Task.WhenAll(asked), result => Assert.Equal("europe", result.Region));
        Assert.Equal("europe", (await _scene.GetAsync()).Region);
    }

    [Fact]
    public async Task One_that_has_waited_so_long_that_no_attempt_would_fit_any_more_is_refused()
    {
        foreach (var region in _scene.Map.Names)
            _scene.Grains.Regions[region] = (_, _) => new(_answer.Task);
        Task[] first = [_scene.GetAsync(), _scene.GetAsync()];
        await _scene.AskedAsync(2);

        var late = _scene.GetAsync();
        _scene.Time.Advance(TimeSpan.FromMilliseconds(1_700));

        await Assert.ThrowsAsync<LookupRefusedException>(() => late);
        foreach (var lookup in first)
        {
            await _scene.PassUntilEndOfAsync(lookup);
            await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
        }
    }

    [Fact]
    public async Task One_that_has_waited_for_long_still_has_its_turn_while_an_attempt_has_its_budget()
    {
        foreach (var region in _scene.Map.Names)
            _scene.Grains.Regions[region] = (_, _) => new(_answer.Task);
        Task[] first = [_scene.GetAsync(), _scene.GetAsync()];
        await _scene.AskedAsync(2);
        var late = _scene.GetAsync();
        _scene.Time.Advance(TimeSpan.FromMilliseconds(1_699));

        _answer.SetResult(await FakeGrains.Answers()(new("europe", 1, "book::1984"), default));

        Assert.True((await late).Found);
        await Task.WhenAll(first);
    }

    [Fact]
    public async Task One_that_is_given_up_while_it_waits_leaves_its_turn_to_the_next()
    {
        Task[] first = [_scene.GetAsync(), _scene.GetAsync()];
        using var giveUp = new CancellationTokenSource();
        var impatient = _scene.GetAsync(cancellation: giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        var next = _scene.GetAsync();
        _answer.SetResult(await FakeGrains.Answers()(new("europe", 1, "book::1984"), default));

        Assert.True((await next).Found);
        await Task.WhenAll(first);
    }
}
