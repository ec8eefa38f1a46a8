using Orleans.Runtime;
using OrleansCache.TestSupport;
using Xunit;

namespace OrleansCache.Client.Tests.Lookups;

/// <summary>A region that cannot be reached.</summary>
public sealed class RegionCircuitTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Pause = Budget / 3;

    private readonly ManualTimeProvider _time = new();
    private readonly RegionCircuit _circuit;
    private readonly LookupScene _scene = new();

    public RegionCircuitTests() => _circuit = new(Budget, _time);

    [Fact]
    public void So_many_errors_in_a_row_open_it_and_the_reason_tells_the_last_one()
    {
        Errors(RegionCircuit.ErrorsToOpen - 1);
        Assert.True(_circuit.TryPass(out _));

        _circuit.NoteError("the last straw");

        Assert.False(_circuit.TryPass(out var reason));
        Assert.Contains("the last straw", reason);
    }

    [Fact]
    public void An_answer_between_them_keeps_it_closed()
    {
        for (var i = 0; i < 10; i++)
        {
            Errors(RegionCircuit.ErrorsToOpen - 1);
            _circuit.NoteAnswer();
        }

        Assert.True(_circuit.TryPass(out _));
    }

    [Fact]
    public void While_it_is_open_one_attempt_passes_after_each_pause()
    {
        Errors(RegionCircuit.ErrorsToOpen);
        for (var i = 0; i < 5; i++)
        {
            _time.Advance(Pause - TimeSpan.FromMilliseconds(1));
            Assert.False(_circuit.TryPass(out _));
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.True(_circuit.TryPass(out _));
            Assert.False(_circuit.TryPass(out _));
            Errors(1);
        }
    }

    [Fact]
    public void The_first_answer_closes_it()
    {
        Errors(RegionCircuit.ErrorsToOpen);
        _time.Advance(Pause);
        Assert.True(_circuit.TryPass(out _));

        _circuit.NoteAnswer();

        Assert.True(_circuit.TryPass(out _));
        Errors(RegionCircuit.ErrorsToOpen - 1);
        Assert.True(_circuit.TryPass(out _));
    }

    [Fact]
    public async Task Lookups_spare_a_region_that_is_lost_and_come_back_to_it_soon_after_it_does()
    {
        _scene.Grains.Regions["europe"] = FakeGrains.Fails(new SiloUnavailableException("no connection"));
        for (var i = 0; i < 10 * RegionCircuit.ErrorsToOpen; i++)
            Assert.Equal("asia", (await _scene.GetAsync("europe")).Region);

        Assert.Equal(RegionCircuit.ErrorsToOpen, _scene.Grains.Asked.Count(grain => grain.Region == "europe"));
        Assert.Contains("no connection", Assert.Single((await _scene.GetAsync("europe")).FailedAttempts).Reason);

        _scene.Grains.Regions["europe"] = FakeGrains.Answers();
        _scene.Time.Advance(Pause);

        Assert.Equal("europe", (await _scene.GetAsync("europe")).Region);
        Assert.Equal("europe", (await _scene.GetAsync("europe")).Region);
    }

    [Fact]
    public async Task Where_only_the_grains_are_out_of_reach_the_detours_are_asked_as_before()
    {
        foreach (var region in _scene.Map.Names)
        {
            _scene.Grains.Regions[region] = (grain, cancellation) =>
                (grain.Rank == AttemptPlan.Detour ? FakeGrains.Answers() : FakeGrains.Fails(new SiloUnavailableException("no connection")))(grain, cancellation);
        }

        for (var i = 0; i < RegionCircuit.ErrorsToOpen + 2; i++)
        {
            var lookup = _scene.GetAsync("europe");
            await _scene.PassUntilEndOfAsync(lookup);
            Assert.Equal("europe", (await lookup).Region);
        }

        Assert.Equal(RegionCircuit.ErrorsToOpen + 2, _scene.Grains.Asked.Count(grain => grain.Rank == AttemptPlan.Detour));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Errors_of_grains_leave_it_closed(bool isWord)
    {
        foreach (var region in _scene.Map.Names)
            _scene.Grains.Regions[region] = FakeGrains.Fails(isWord ? new CatalogUnavailableException("The catalog is unavailable.") : new IOException("The disk is full."));
        var lookups = Enumerable.Range(0, RegionCircuit.ErrorsToOpen).Select(_ => _scene.GetAsync("europe")).ToArray();
        await _scene.PassUntilEndOfAsync(Task.WhenAll(lookups));

        foreach (var lookup in lookups)
            Assert.DoesNotContain("not asked", (await Assert.ThrowsAsync<LookupFailedException>(() => lookup)).Message);
        Assert.True(_scene.Grains.Asked.Count(grain => grain.Region == "europe" && grain.Rank != AttemptPlan.Detour) >= 2 * RegionCircuit.ErrorsToOpen);
    }

    private void Errors(int count)
    {
        for (var i = 0; i < count; i++)
            _circuit.NoteError("no connection");
    }
}
