using Xunit;

namespace OrleansCache.Tests.Client.Lookups;

/// <summary>A client with more lookups at once than it may have in flight.</summary>
public sealed class AdmissionTests
{
    private readonly ClientScene _scene = ClientScene.WithoutNearCache(options =>
    {
        options.MaxLookupsInFlight = 2;
        options.MaxLookupsWaiting = 1;
    });

    private readonly TaskCompletionSource<LookupAnswer> _answer = new();

    public AdmissionTests() => _scene.Cluster.Regions["europe"] = (_, _) => new(_answer.Task);

    [Fact]
    public async Task The_next_lookup_waits_for_its_turn_and_a_further_one_is_refused_at_once()
    {
        var asked = Enumerable.Range(0, 3).Select(_ => _scene.GetFromAsync()).ToArray();
        await _scene.AskedAsync(2);

        var error = await Assert.ThrowsAsync<LookupRefusedException>(() => _scene.GetFromAsync());

        Assert.Contains("MaxLookupsInFlight", error.Message);
        Assert.Equal(2, _scene.Cluster.Asked.Count);
        _answer.SetResult(_scene.Cluster.AnswerOf(new("europe", 1, "book::1984")));
        Assert.All(await Task.WhenAll(asked), result => Assert.Equal("europe", result.Region));
        Assert.Equal("europe", (await _scene.GetFromAsync()).Region);
    }

    [Fact]
    public async Task One_that_has_waited_so_long_that_no_attempt_would_fit_any_more_is_refused()
    {
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = (_, _) => new(_answer.Task);
        Task[] first = [_scene.GetFromAsync(), _scene.GetFromAsync()];
        await _scene.AskedAsync(2);

        var late = _scene.GetFromAsync();
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
            _scene.Cluster.Regions[region] = (_, _) => new(_answer.Task);
        Task[] first = [_scene.GetFromAsync(), _scene.GetFromAsync()];
        await _scene.AskedAsync(2);
        var late = _scene.GetFromAsync();
        _scene.Time.Advance(TimeSpan.FromMilliseconds(1_699));

        _answer.SetResult(_scene.Cluster.AnswerOf(new("europe", 1, "book::1984")));

        Assert.True((await late).Found);
        await Task.WhenAll(first);
    }

    [Fact]
    public async Task One_that_is_given_up_while_it_waits_leaves_its_turn_to_the_next()
    {
        Task[] first = [_scene.GetFromAsync(), _scene.GetFromAsync()];
        using var giveUp = new CancellationTokenSource();
        var impatient = _scene.GetFromAsync(cancellation: giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);

        var next = _scene.GetFromAsync();
        _answer.SetResult(_scene.Cluster.AnswerOf(new("europe", 1, "book::1984")));

        Assert.True((await next).Found);
        await Task.WhenAll(first);
    }
}
