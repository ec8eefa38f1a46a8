using OrleansCache.Client;
using Xunit;

namespace OrleansCache.Tests.Client.Lookups;

/// <summary>A client has fewer lookups in flight while most of them are slow.</summary>
public sealed class SlowLookupTests
{
    private const int Most = 64;

    private readonly ClientScene _scene = ClientScene.WithoutNearCache(options => options.MaxLookupsInFlight = Most);

    [Fact]
    public async Task After_a_burst_of_failed_lookups_half_as_many_are_in_flight()
    {
        Silence();
        var crowd = Crowd(Most);
        await _scene.PassUntilEndOfAsync(Task.WhenAll(crowd));
        Assert.All(crowd, lookup => Assert.IsType<LookupFailedException>(lookup.Exception?.InnerException));

        Assert.Equal(Most / 2, await UnderWayAsync());
    }

    [Fact]
    public async Task Those_that_are_given_up_late_were_slow_and_those_that_are_given_up_soon_say_nothing()
    {
        Silence();
        await GiveUpAfterAsync(TimeSpan.FromMilliseconds(500));
        await GiveUpAfterAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal(Most, await UnderWayAsync());

        await GiveUpAfterAsync(TimeSpan.FromMilliseconds(700));
        Assert.Equal(Most / 2, await UnderWayAsync());
    }

    [Fact]
    public async Task Those_that_are_answered_in_time_keep_all_places_open()
    {
        await Task.WhenAll(Crowd(Most));
        _scene.Time.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(Crowd(Most));
        Silence();

        Assert.Equal(Most, await UnderWayAsync());
    }

    [Fact]
    public async Task Messages_for_many_books_that_came_to_nothing_were_slow_too()
    {
        _scene.Cluster.OnBatch = (_, _) => new TaskCompletionSource<LookupAnswer?[]>().Task;
        // The keys without an answer are looked up one by one, with an error that says nothing about the cluster.
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = FakeCluster.Fails(new InvalidKeyException("It is no key."));
        var crowd = Enumerable.Range(0, Most).Select(i => _scene.Cache.GetManyAsync([$"book::{i}"], new() { Region = "europe" })).ToArray();
        await _scene.PassUntilEndOfAsync(Task.WhenAll(crowd));
        Assert.All(crowd, lookups => Assert.IsType<InvalidKeyException>(lookups.Exception?.InnerException));
        Silence();

        Assert.Equal(Most / 2, await UnderWayAsync());
    }

    [Fact]
    public async Task Messages_that_find_one_silent_region_were_not()
    {
        _scene.Cluster.OnBatch = (region, books) => region == "europe"
            ? new TaskCompletionSource<LookupAnswer?[]>().Task
            : Task.FromResult<LookupAnswer?[]>([.. books.Select(book => (LookupAnswer?)_scene.Cluster.AnswerOf(new(region, 1, book)))]);
        var crowd = Enumerable.Range(0, Most).Select(i => _scene.Cache.GetManyAsync([$"book::{i}"], new() { Region = "europe" })).ToArray();
        await _scene.PassUntilEndOfAsync(Task.WhenAll(crowd));
        Assert.All(crowd, lookups => Assert.True(lookups.IsCompletedSuccessfully));
        Silence();

        Assert.Equal(Most, await UnderWayAsync());
    }

    [Fact]
    public async Task Waiting_for_its_turn_counts_against_a_lookups_deadline()
    {
        var scene = ClientScene.WithoutNearCache(options => options.MaxLookupsInFlight = 1);
        var answer = new TaskCompletionSource<LookupAnswer>();
        foreach (var region in scene.Map.Names)
            scene.Cluster.Regions[region] = (_, _) => new(answer.Task);
        var first = scene.GetFromAsync();
        await scene.AskedAsync(1);

        var began = scene.Time.GetTimestamp();
        var second = scene.GetFromAsync();
        await PassAsync(scene, TimeSpan.FromSeconds(1));
        foreach (var region in scene.Map.Names)
            scene.Cluster.Regions[region] = FakeCluster.Hangs();
        answer.SetResult(_scene.Cluster.AnswerOf(new("europe", 1, "book::1984")));
        await first;
        await scene.PassUntilEndOfAsync(second);

        await Assert.ThrowsAsync<LookupFailedException>(() => second);
        Assert.InRange(scene.Time.GetElapsedTime(began).TotalMilliseconds, 2_000, 2_200);
    }

    private static async Task PassAsync(ClientScene scene, TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(25))
            await scene.PassAsync(TimeSpan.FromMilliseconds(25));
    }

    private Task<LookupResult>[] Crowd(int size, CancellationToken cancellation = default) =>
        [.. Enumerable.Range(0, size).Select(_ => _scene.GetFromAsync(cancellation: cancellation))];

    private async Task GiveUpAfterAsync(TimeSpan time)
    {
        using var giveUp = new CancellationTokenSource();
        var crowd = Crowd(Most, giveUp.Token);
        await PassAsync(_scene, time);
        await giveUp.CancelAsync();
        foreach (var lookup in crowd)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lookup);
    }

    /// <summary>The number of lookups of a new burst that are sent at once; they are cancelled then.</summary>
    private async Task<int> UnderWayAsync()
    {
        var before = _scene.Cluster.Asked.Count;
        using var giveUp = new CancellationTokenSource();
        var crowd = Crowd(2 * Most, giveUp.Token);
        // Each lookup in flight asks one grain before any time passes.
        var asked = _scene.Cluster.Asked.Count - before;
        await giveUp.CancelAsync();
        foreach (var lookup in crowd)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => lookup);
        return asked;
    }

    private void Silence()
    {
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = FakeCluster.Hangs();
    }
}
