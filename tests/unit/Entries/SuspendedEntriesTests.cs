using OrleansCache.Entries;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Entries;

/// <summary>Which entries are worth a confirmation after volume leases have ended for good.</summary>
public sealed class SuspendedEntriesTests : IAsyncLifetime
{
    private const int Slots = 64;
    private const int UsedWithin = 60_000;

    private readonly ManualClock _clock = new();
    private readonly LeasedEntryTable _table;
    private readonly VolumeLeases _volumes = new(Slots);
    private readonly SuspendedEntries _suspended;

    public SuspendedEntriesTests()
    {
        _table = new(_clock, 100_000_000, Slots);
        _suspended = new(_table, () => _volumes.Endings, UsedWithin);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _table.DisposeAsync().AsTask();

    [Fact]
    public void While_all_leases_last_and_when_they_only_were_not_renewed_there_are_none()
    {
        Keep("book", lease: 1_000);
        Assert.Empty(Next());

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(Next());
    }

    [Fact]
    public void Those_of_a_lease_that_has_ended_for_good_are_found_until_they_are_confirmed()
    {
        var keys = Enumerable.Range(0, 5_000).Select(i => $"book {i}").ToArray();
        foreach (var key in keys)
            Keep(key);
        var other = keys.First(key => SlotOf(key) != SlotOf(keys[0]));
        EndLease(other);

        var found = All();
        Assert.Equal(keys.Where(key => SlotOf(key) == SlotOf(other)).Order(), found.Select(entry => entry.Book).Order());
        Assert.Equal(found.Count, All().Count);
        foreach (var entry in found)
        {
            var volume = Lease(entry.Book, generation: 2);
            Assert.True(_table.TryConfirm(entry, entry.Row.Identity, volume, long.MaxValue, _table.Epoch(entry.Book)));
        }

        Assert.Empty(All());
    }

    [Fact]
    public void A_lease_that_ends_during_a_walk_is_walked_for_once_more()
    {
        var keys = Enumerable.Range(0, 20_000).Select(i => $"book {i}").ToArray();
        foreach (var key in keys)
            Keep(key);
        EndLease(keys[0]);
        Assert.NotEmpty(_suspended.Next(most: 1));
        foreach (var key in keys.Where(key => SlotOf(key) != SlotOf(keys[0])))
            EndLease(key);

        var found = new HashSet<string>();
        for (var calls = 0; calls < 1_000 && found.Count < keys.Length; calls++)
        {
            foreach (var entry in _suspended.Next(most: 100))
            {
                Assert.True(found.Add(entry.Book), $"{entry.Book} is found after it was given up.");
                _table.GiveUp(entry, _table.Epoch(entry.Book));
            }
        }

        Assert.Equal(keys.Length, found.Count);
    }

    [Fact]
    public void Those_that_were_not_used_lately_are_left_to_their_next_use()
    {
        Keep("old");
        var used = Keep("used");
        for (var second = 0; second < 2 * UsedWithin / 1_000; second++)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _table.Touch(used);
        }

        EndLease("old");
        EndLease("used");

        Assert.Equal(["used"], All().Select(entry => entry.Book));
    }

    [Fact]
    public void One_that_clients_have_is_used()
    {
        var entry = Keep("book");
        var client = _table.AdmitClient(new(1, 0, 0, new byte[8]), atLeast: 0);
        Assert.True(_table.RegisterClient(entry, entry.Row.Identity, client, sent: 0).IsRegistered);
        for (var second = 0; second < 2 * UsedWithin / 1_000; second++)
            _clock.Advance(TimeSpan.FromSeconds(1));
        EndLease("book");

        Assert.Same(entry, Assert.Single(All()));
    }

    [Fact]
    public void Revoked_and_expired_ones_and_those_that_were_given_up_are_not_found()
    {
        var (revoked, expired, givenUp) = (Keep("revoked"), Keep("expired", timeToLive: 500), Keep("given up"));
        EndLease("revoked");
        EndLease("expired");
        EndLease("given up");
        _table.Revoke(["revoked"]);
        _clock.Advance(TimeSpan.FromMilliseconds(500));
        _table.GiveUp(givenUp, _table.Epoch("given up"));

        Assert.Empty(All());
        Assert.Same(revoked, _table.Find("revoked"));
        Assert.NotSame(revoked, expired);
    }

    [Fact]
    public void One_that_was_confirmed_meanwhile_is_not_given_up()
    {
        var entry = Keep("book");
        EndLease("book");
        var before = _table.Epoch("book");
        _table.TryConfirm(entry, entry.Row.Identity, Lease("book", generation: 2), long.MaxValue, before);

        _table.GiveUp(entry, before);

        Assert.True(entry.UsableUntil > _clock.Now);
    }

    private static int SlotOf(string key) => CacheKey.Parse(key).SlotOf(Slots);

    private IReadOnlyList<CacheEntry> Next() => _suspended.Next(most: 1_000_000);

    private List<CacheEntry> All()
    {
        // As many calls as walk through the table twice.
        var found = new List<CacheEntry>();
        for (var calls = 0; calls < 2; calls++)
            found = [.. found.Union(Next())];
        return found;
    }

    private SharedEntry Keep(string key, long lease = 3_600_000, long timeToLive = 3_600_000)
    {
        var entry = TestEntries.Make(null, key, 10, _clock.Now + timeToLive, Lease(key, lease: lease));
        Assert.True(_table.TryKeep(entry, _table.Epoch(key)));
        return entry;
    }

    private VolumeLease Lease(string key, long generation = 1, long lease = 3_600_000) =>
        _volumes.Take(SlotOf(key), new(1, generation), _clock.Now + lease)!;

    private void EndLease(string key) => _volumes.EndBelow(SlotOf(key), lowestNumber: 2);
}
