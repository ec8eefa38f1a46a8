using Orleans.Runtime;
using OrleansCache.Client;
using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Tests.Client.Lookups;

/// <summary>A region that cannot be reached.</summary>
public sealed class RegionCircuitTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Pause = Budget / 3;

    private static readonly SiloUnavailableException Lost = new("no connection");

    private readonly ClientScene _scene = ClientScene.WithoutNearCache();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Lookups_spare_a_region_that_is_lost_and_come_back_to_it_soon_after_it_does(bool isConnected)
    {
        _scene.Cluster.Regions["europe"] = FakeCluster.Fails(
            isConnected ? new SiloUnavailableException("book::1984 was not sent") : new RegionUnavailableException("not connected"));
        for (var i = 0; i < 10 * RegionCircuit.ErrorsToOpen; i++)
            Assert.Equal("asia", (await _scene.GetFromAsync("europe")).Region);

        Assert.Equal(RegionCircuit.ErrorsToOpen, _scene.Cluster.Asked.Count(grain => grain.Region == "europe"));
        var reason = Assert.Single((await _scene.GetFromAsync("europe")).FailedAttempts).Reason;
        Assert.Contains(isConnected ? nameof(SiloUnavailableException) : "not connected", reason);
        Assert.DoesNotContain("book", reason);

        _scene.Cluster.Regions["europe"] = _scene.Cluster.Answers();
        _scene.Time.Advance(Pause);

        Assert.Equal("europe", (await _scene.GetFromAsync("europe")).Region);
        Assert.Equal("europe", (await _scene.GetFromAsync("europe")).Region);
    }

    [Fact]
    public async Task Where_only_the_grains_are_out_of_reach_the_bypasses_are_asked_as_before()
    {
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.AnswerOnlyFrom(region, AttemptPlan.DirectoryBypass, FakeCluster.Fails(Lost));

        var lookups = Enumerable.Range(0, 2 * RegionCircuit.ErrorsToOpen).Select(_ => _scene.GetFromAsync("europe")).ToArray();
        await _scene.PassUntilEndOfAsync(Task.WhenAll(lookups));

        Assert.All(await Task.WhenAll(lookups), result => Assert.Equal("europe", result.Region));
    }

    [Fact]
    public async Task Where_only_the_first_silos_are_out_of_reach_the_second_ones_are_asked_as_before()
    {
        _scene.Cluster.Silos["europe"] = 2;
        _scene.Cluster.AnswerOnlyFrom("europe", 2, FakeCluster.Fails(Lost));
        for (var i = 0; i < RegionCircuit.ErrorsToOpen; i++)
            _scene.HealthMap.Of("europe").CircuitOf(1).NoteError("no connection");

        Assert.Equal("europe", (await _scene.GetFromAsync("europe")).Region);

        Assert.Equal(2, Assert.Single(_scene.Cluster.Asked).Rank);
    }

    [Fact]
    public async Task One_with_a_single_budget_left_has_a_pass_when_the_next_one_is_due()
    {
        _scene.Options.Deadline = Budget;
        foreach (var region in _scene.Map.Names)
        {
            for (var rank = 0; rank < AttemptPlan.Ranks; rank++)
            {
                for (var i = 0; i < RegionCircuit.ErrorsToOpen; i++)
                    _scene.HealthMap.Of(region).CircuitOf(rank).NoteError("no connection");
            }
        }

        var lookup = _scene.GetFromAsync("europe");
        await Eventually.IsTrueAsync(() => _scene.Time.NextDue == _scene.Time.Elapsed + Pause, "it to wait for a pass");
        _scene.Time.Advance(Pause);

        Assert.Equal("europe", (await lookup).Region);
    }

    [Fact]
    public async Task Silence_of_less_than_a_budget_leaves_it_open()
    {
        _scene.Options.Deadline = 1.5 * Budget;
        foreach (var region in _scene.Map.Names)
            _scene.Cluster.Regions[region] = FakeCluster.Hangs();
        for (var i = 0; i < RegionCircuit.ErrorsToOpen; i++)
            _scene.HealthMap.Of("asia").CircuitOf(1).NoteError("no connection");
        _scene.Time.Advance(Pause);

        var lookup = _scene.GetFromAsync("europe");
        await _scene.PassUntilEndOfAsync(lookup);

        await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
        Assert.Equal(["europe", "asia"], _scene.Cluster.Asked.Where(grain => grain.Rank == 1).Select(grain => grain.Region));
        Assert.True(_scene.HealthMap.Of("asia").CircuitOf(1).TryPass(out _));
        Assert.False(_scene.HealthMap.Of("asia").CircuitOf(1).TryPass(out _));
    }

    [Fact]
    public async Task Silence_closes_it_because_what_is_silent_may_answer_late()
    {
        foreach (var region in _scene.Map.Names)
        {
            _scene.Cluster.Regions[region] = FakeCluster.Hangs();
            for (var i = 0; i < RegionCircuit.ErrorsToOpen; i++)
                _scene.HealthMap.Of(region).CircuitOf(1).NoteError("no connection");
        }

        _scene.Time.Advance(Pause);
        var lookup = _scene.GetFromAsync("europe");
        await _scene.PassUntilEndOfAsync(lookup);

        await Assert.ThrowsAsync<LookupFailedException>(() => lookup);
        Assert.True(_scene.HealthMap.Of("europe").CircuitOf(1).TryPass(out _));
        Assert.True(_scene.HealthMap.Of("europe").CircuitOf(1).TryPass(out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Errors_of_grains_leave_it_closed(bool isRefusal)
    {
        foreach (var region in _scene.Map.Names)
        {
            _scene.Cluster.Regions[region] = FakeCluster.Fails(
                isRefusal ? new CatalogUnavailableException("The catalog is unavailable.") : new IOException("The disk is full."));
        }

        var lookups = Enumerable.Range(0, RegionCircuit.ErrorsToOpen).Select(_ => _scene.GetFromAsync("europe")).ToArray();
        await _scene.PassUntilEndOfAsync(Task.WhenAll(lookups));

        foreach (var lookup in lookups)
            Assert.DoesNotContain("not asked", (await Assert.ThrowsAsync<LookupFailedException>(() => lookup)).Message);
        var asked = _scene.Cluster.Asked.Count(grain => grain.Region == "europe" && grain.Rank != AttemptPlan.DirectoryBypass);
        Assert.True(asked >= 2 * RegionCircuit.ErrorsToOpen, $"{asked} attempts");
    }
}
