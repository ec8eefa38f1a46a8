using OrleansCache.Client;
using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Tests.Client.Connections;

/// <summary>A client that no gateway has answered yet.</summary>
public sealed class FirstConnectionTests
{
    private static readonly Book Book = new("1985", "Anthony Burgess", 1978);

    private readonly ClientScene _scene = ClientScene.WithoutNearCache(isConnected: false);

    [Fact]
    public async Task The_first_use_connects_and_waits_for_a_gateway_of_any_region()
    {
        var lookup = _scene.GetFromAsync("europe");
        _scene.Time.Advance(TimeSpan.FromSeconds(14));
        Assert.False(lookup.IsCompleted);
        Assert.Equal((1, 0), (_scene.Cluster.Starts, _scene.Asked));

        _scene.Connect("asia");

        var result = await lookup;
        Assert.Equal(("europe", TimeSpan.FromSeconds(14)), (result.Region, result.Elapsed));
    }

    [Fact]
    public async Task The_deadline_counts_from_then_on()
    {
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = FakeCluster.Hangs();
        var lookup = _scene.GetFromAsync("europe");
        _scene.Time.Advance(TimeSpan.FromSeconds(10));
        foreach (var region in _scene.Map.Names)
            _scene.Connect(region);
        await _scene.AskedAsync(1);

        await _scene.PassUntilEndOfAsync(lookup);

        await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
        Assert.InRange(_scene.Time.Elapsed, TimeSpan.FromSeconds(11.9), TimeSpan.FromSeconds(12.1));
    }

    [Fact]
    public async Task When_none_answers_the_error_names_the_gateways_and_why_and_later_lookups_fail_by_their_own_deadline()
    {
        var lookup = _scene.GetFromAsync("europe");
        _scene.Time.Advance(TimeSpan.FromSeconds(15));

        var error = await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
        Assert.Contains("No gateway of any region has answered for 15 s", error.Message);
        Assert.Contains("europe (127.0.0.1:30000): Connection refused; asia (the clustering Redis): no silo.", error.Message);
        Assert.IsType<RegionUnavailableException>(error.InnerException);
        Assert.Equal(0, _scene.Asked);

        var later = _scene.GetFromAsync("europe");
        _scene.Time.Advance(_scene.Options.Deadline);
        await Assert.ThrowsAsync<LookupFailedException>(() => later);
    }

    [Fact]
    public async Task Lookups_of_many_keys_wait_for_it_too()
    {
        var lookups = _scene.Cache.GetManyAsync([ClientScene.Key], new() { Region = "europe" });
        Assert.Empty(_scene.Cluster.Batches);

        _scene.Connect("europe");

        Assert.Equal("europe", Assert.Single(await lookups).Region);
    }

    [Fact]
    public async Task Only_so_many_lookups_wait_for_it()
    {
        var scene = ClientScene.WithoutNearCache(options => options.MaxLookupsWaiting = 2, isConnected: false);
        Task[] waiting = [scene.GetFromAsync(), scene.GetFromAsync()];

        Assert.Contains(
            "no gateway has answered yet", (await Assert.ThrowsAsync<LookupRefusedException>(() => scene.GetFromAsync())).Message);

        scene.Connect("europe");
        await Task.WhenAll(waiting);
    }

    [Fact]
    public async Task An_edit_waits_for_it_too_and_the_error_says_that_nothing_was_sent()
    {
        var edit = _scene.Cache.PutAsync(ClientScene.Key, Book);
        _scene.Time.Advance(TimeSpan.FromSeconds(15));

        var error = await Assert.ThrowsAsync<RegionUnavailableException>(() => edit);
        Assert.Contains("nothing was sent", error.Message);
        Assert.Empty(_scene.Cluster.Edits);

        var next = _scene.Cache.PutAsync(ClientScene.Key, Book);
        _scene.Connect("northamerica");
        Assert.Equal(EditOutcome.Updated, (await next).Outcome);
    }

    [Fact]
    public async Task A_region_that_is_not_connected_yet_leaves_an_edit_to_the_next_one_and_its_outcome_known()
    {
        _scene.Connect("asia");
        _scene.Cluster.OnConnect = region =>
            region == "europe" ? new RegionUnavailableException("europe is still connecting.") : null;

        Assert.Equal(EditOutcome.Updated, (await _scene.Cache.PutAsync(ClientScene.Key, Book)).Outcome);
        Assert.Equal("asia", Assert.Single(_scene.Cluster.Edits).Through);

        _scene.Cluster.OnConnect = region => new RegionUnavailableException($"{region} is still connecting.");
        var edit = _scene.Cache.PutAsync(ClientScene.Key, Book);
        await _scene.PassUntilEndOfAsync(edit, TimeSpan.FromMilliseconds(500));
        await Assert.ThrowsAsync<RegionUnavailableException>(() => edit);
    }
}
