using Microsoft.Extensions.Options;
using Orleans.Runtime.GrainDirectory;
using OrleansCache.Administration;
using OrleansCache.Configuration;
using OrleansCache.Owners;
using OrleansCache.Placement;
using OrleansCache.TestSupport;
using OrleansCache.Tests.Placement;
using OrleansCache.Timing;
using OrleansCache.Topology;

namespace OrleansCache.Tests.Owners;

/// <summary>An owner that responds to pings but has a slow catalog, and an owner that does not respond.</summary>
public sealed class OwnerClientTests
{
    private const int Slot = 7;

    private const int OtherSlot = 8;
    private static readonly LeaseRequest OtherRequest = new("book::emma", null, null, Fresh: false);
    private static readonly LeaseRequest Request = new("book::1984", null, null, Fresh: false);
    private static readonly LeaseGrant Grant = new(
        null, new(1, 1), TimeSpan.FromSeconds(10), OwnLease: null, TimeSpan.Zero, GrantSource.Knowledge, IsPastCooldown: true);

    private static readonly RegionMap Regions = new([new("europe", []), new("asia", [])], "europe");

    private readonly ManualClock _clock = new();
    private readonly RoundTrips _roundTrips = new(Regions, ProcessLag.None);
    private readonly TaskCompletionSource<LeaseGrant> _grant = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _beat = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<LeaseGrant> _other = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _siloBeat = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly OwnerPlaces _places;
    private readonly OwnerClient _owners;
    private string _silo = "europe.1";
    private int _asked;
    private int _pinged;
    private int _siloPinged;
    private int _undelivered;

    public OwnerClientTests()
    {
        var owner = StandIn.For<IOwnerGrain>((method, arguments) => method.Name switch
        {
            nameof(IOwnerGrain.AcquireAsync) when OtherRequest.Equals(arguments[0]) => new ValueTask<LeaseGrant>(_other.Task),
            nameof(IOwnerGrain.AcquireAsync) => Counted(ref _asked, new ValueTask<LeaseGrant>(
                Interlocked.Decrement(ref _undelivered) >= 0
                    ? Task.FromException<LeaseGrant>(new SiloUnavailableException())
                    : _grant.Task)),
            nameof(IOwnerGrain.PingAsync) => Counted(ref _pinged, _beat.Task),
            _ => throw new NotSupportedException(method.Name),
        });
        var silo = StandIn.For<ISiloGrain>((method, _) => method.Name == nameof(ISiloGrain.PingAsync)
            ? Counted(ref _siloPinged, _siloBeat.Task)
            : throw new NotSupportedException(method.Name));
        var grains = StandIn.For<IGrainFactory>((method, _) => method.GetGenericArguments()[0] == typeof(ISiloGrain) ? silo : owner);
        var settings = new CacheOptions { OwnerBudget = TimeSpan.FromSeconds(1), OwnerPatience = TimeSpan.FromMilliseconds(100) };
        var silos = new RegionalSilos(Membership.Of("europe.1", "asia.1"));
        // Owners are where they belong, unless a test says otherwise.
        var addresses = StandIn.For<IGrainDirectoryCache>((_, arguments) =>
        {
            arguments[1] = new GrainAddress { GrainId = (GrainId)arguments[0]!, SiloAddress = Membership.AddressOf(_silo) };
            arguments[2] = 0;
            return true;
        });
        _places = new(silos, Regions, addresses);
        _places.NoteKnown();
        _owners = new(grains, _places, new(grains, silos, _clock), _roundTrips, Options.Create(settings), _clock);
        // As near as here, unless a test says otherwise.
        _roundTrips.To("europe").Note(TimeSpan.Zero);
    }

    [Fact]
    public async Task An_owner_that_responds_to_pings_is_awaited_for_the_whole_budget()
    {
        _beat.SetResult();
        var load = _owners.AcquireAsync(Slot, Request);

        await PatienceEndsAsync();
        Pass(899);
        Assert.False(load.IsCompleted);
        Pass(1);

        Assert.Contains("within 1,000 ms", (await Assert.ThrowsAsync<TimeoutException>(() => load)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_response_within_the_budget_counts()
    {
        _beat.SetResult();
        var load = _owners.AcquireAsync(Slot, Request);

        await PatienceEndsAsync();
        Pass(899);
        _grant.SetResult(Grant);

        Assert.Same(Grant, await load);
    }

    [Fact]
    public async Task Waiting_callers_share_one_ping_and_responses_meanwhile_count()
    {
        var loads = Enumerable.Range(0, 100).Select(_ => _owners.AcquireAsync(Slot, Request)).ToArray();

        await PatienceEndsAsync();
        _grant.SetResult(Grant);
        _beat.SetResult();

        Assert.All(await Task.WhenAll(loads), grant => Assert.Same(Grant, grant));
        Assert.Equal((100, 1), (_asked, _pinged));
    }

    [Fact]
    public async Task When_the_owners_silo_does_not_respond_either_nobody_waits_for_any_owner_there_until_it_does()
    {
        var load = _owners.AcquireAsync(Slot, Request);
        await PatienceEndsAsync();
        await _clock.AdvanceUntilAsync(() => load.IsCompleted, "the request fails");
        await Assert.ThrowsAsync<TimeoutException>(() => load);

        var other = _owners.AcquireAsync(Slot + 1, Request);
        Assert.True(other.IsCompleted);
        var error = await Assert.ThrowsAsync<TimeoutException>(() => other);
        Assert.Contains("europe.1 does not respond", error.Message, StringComparison.Ordinal);
        Assert.Equal(1, _asked);
        await _clock.AdvanceUntilAsync(() => Volatile.Read(ref _siloPinged) > 1, "the silo is pinged again");

        _siloBeat.SetResult();
        _grant.SetResult(Grant);

        await _clock.AdvanceUntilAsync(
            () => _owners.AcquireAsync(Slot + 1, Request).IsCompletedSuccessfully, "its owners are called again");
    }

    [Fact]
    public async Task An_owner_that_does_not_respond_to_the_ping_is_avoided_for_a_second()
    {
        _siloBeat.SetResult();
        var load = _owners.AcquireAsync(Slot, Request);

        await PatienceEndsAsync();
        await _clock.AdvanceUntilAsync(() => load.IsCompleted, "the request fails");
        Assert.Contains(
            "respond to a ping within 200 ms", (await Assert.ThrowsAsync<TimeoutException>(() => load)).Message, StringComparison.Ordinal);

        var next = _owners.AcquireAsync(Slot, Request);
        Assert.True(next.IsCompleted);
        Assert.Contains("within the last 1 s", (await Assert.ThrowsAsync<TimeoutException>(() => next)).Message, StringComparison.Ordinal);
        Assert.Equal(1, _asked);
        Pass(1_000);
        var late = _owners.AcquireAsync(Slot, Request);
        Assert.Equal(2, _asked);
        _grant.SetResult(Grant);
        Assert.Same(Grant, await late);
    }

    [Fact]
    public async Task A_distant_owner_has_the_round_trip_on_top_of_its_time()
    {
        IsAway(milliseconds: 160);
        _beat.SetResult();
        var load = _owners.AcquireAsync(Slot, Request);

        Pass(259);
        Assert.Equal(0, Volatile.Read(ref _pinged));
        Pass(1);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _pinged) > 0, "the owner is pinged");
        Pass(899);
        Assert.False(load.IsCompleted);
        Pass(1);

        Assert.Contains("within 1,160 ms", (await Assert.ThrowsAsync<TimeoutException>(() => load)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_owner_whose_silo_answers_others_is_busy_and_not_lost()
    {
        var slow = _owners.AcquireAsync(Slot, Request);
        Pass(50);
        _other.SetResult(Grant);
        Assert.Same(Grant, await _owners.AcquireAsync(OtherSlot, OtherRequest));

        // In small steps, so that a ping would begin, and time out, if there were one.
        var until = _clock.Now + 900;
        await _clock.AdvanceUntilAsync(() => _clock.Now >= until, "nine tenths of the budget pass");
        Assert.Equal(0, Volatile.Read(ref _pinged));
        Assert.False(slow.IsCompleted);
        _grant.SetResult(Grant);

        Assert.Same(Grant, await slow);
    }

    [Fact]
    public async Task A_call_that_is_not_delivered_is_repeated()
    {
        _undelivered = 2;
        var load = _owners.AcquireAsync(Slot, Request);
        _grant.SetResult(Grant);

        await _clock.AdvanceUntilAsync(() => load.IsCompleted, "the call is repeated");

        Assert.Same(Grant, await load);
        Assert.Equal(3, _asked);
    }

    [Fact]
    public async Task What_counts_is_where_an_owner_is_and_not_where_it_belongs()
    {
        _silo = "asia.1";
        _roundTrips.To("asia").Note(TimeSpan.FromMilliseconds(160));
        var load = _owners.AcquireAsync(Slot, Request);

        Pass(259);
        Assert.Equal(0, Volatile.Read(ref _pinged));
        _grant.SetResult(Grant);

        Assert.Same(Grant, await load);
    }

    [Fact]
    public async Task A_response_that_comes_while_the_owner_is_pinged_counts()
    {
        var load = _owners.AcquireAsync(Slot, Request);

        await PatienceEndsAsync();
        _grant.SetResult(Grant);

        Assert.Same(Grant, await load.WaitAsync(Eventually.Bound));
    }

    [Fact]
    public async Task A_late_response_to_the_ping_ends_the_silence()
    {
        _siloBeat.SetResult();
        var load = _owners.AcquireAsync(Slot, Request);
        await PatienceEndsAsync();
        await _clock.AdvanceUntilAsync(() => load.IsCompleted, "the request fails");
        await Assert.ThrowsAsync<TimeoutException>(() => load);

        _beat.SetResult();
        _grant.SetResult(Grant);

        await Eventually.IsTrueAsync(
            async () =>
            {
                try
                {
                    return ReferenceEquals(Grant, await _owners.AcquireAsync(Slot, Request));
                }
                catch (TimeoutException)
                {
                    return false;
                }
            },
            "the owner is called again, although no time has passed");
    }

    private void IsAway(int milliseconds)
    {
        _roundTrips.To("europe").Forget();
        _roundTrips.To("europe").Note(TimeSpan.FromMilliseconds(milliseconds));
    }

    private async Task PatienceEndsAsync()
    {
        Pass(99);
        Assert.Equal(0, _pinged);
        Pass(1);
        await Eventually.IsTrueAsync(() => Volatile.Read(ref _pinged) > 0, "the owner is pinged");
    }

    private static T Counted<T>(ref int count, T answer)
    {
        Interlocked.Increment(ref count);
        return answer;
    }

    private void Pass(long milliseconds) => _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
