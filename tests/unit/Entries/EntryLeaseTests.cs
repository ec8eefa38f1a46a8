using OrleansCache.Entries;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Entries;

/// <summary>How entries get and lose leases.</summary>
public sealed class EntryLeaseTests : IAsyncLifetime
{
    private readonly ManualClock _clock = new();
    private readonly LeasedEntryTable _table;

    public EntryLeaseTests() => _table = new(_clock, 1_000_000, slots: 64, new RenewalRules(Before: 4_000, UsedWithin: 30_000, Most: 100));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _table.DisposeAsync().AsTask();

    [Fact]
    public void An_entry_is_used_until_its_lease_ends_and_kept_after_that()
    {
        var entry = Keep("book", lease: 10_000);

        Pass(9_999);
        Assert.True(_clock.Now < entry.UsableUntil);
        Pass(1);
        Assert.False(_clock.Now < entry.UsableUntil);
        Assert.Same(entry, _table.Find("book"));
    }

    [Fact]
    public void A_revoked_entry_is_not_used_and_keeps_its_row()
    {
        var entry = Keep("book", lease: 10_000);

        var revoked = _table.Revoke(["book", "other"]);

        Assert.False(_clock.Now < entry.UsableUntil);
        Assert.Equal(1, entry.Row.Identity.Version);
        Assert.Equal([true, false], revoked.Tokens.Select(token => token.HeldEntry));
    }

    [Fact]
    public void A_new_lease_makes_a_revoked_entry_usable_unless_it_was_requested_before_the_revocation()
    {
        var entry = Keep("book", lease: 10_000);
        var before = _table.Epoch("book");
        _table.Revoke(["book"]);
        var after = _table.Epoch("book");

        Assert.False(_table.TryExtend(entry, entry.Row.Identity, _clock.Now + 5_000, before));
        Assert.False(_clock.Now < entry.UsableUntil);
        Assert.False(_table.TryExtend(entry, new(2, TestEntries.Tag), _clock.Now + 5_000, after));
        Assert.True(_table.TryExtend(entry, entry.Row.Identity, _clock.Now + 5_000, after));
        Assert.Equal(_clock.Now + 5_000, entry.UsableUntil);
    }

    [Fact]
    public void A_lease_that_ends_earlier_takes_nothing_from_one_that_ends_later()
    {
        var entry = Keep("book", lease: 10_000);

        Assert.True(_table.TryExtend(entry, entry.Row.Identity, _clock.Now + 1_000, _table.Epoch("book")));

        Assert.Equal(_clock.Now + 10_000, entry.UsableUntil);
    }

    [Fact]
    public void No_lease_outlives_the_time_to_live()
    {
        var entry = Keep("book", lease: 10_000, life: 2_000);

        _table.TryExtend(entry, entry.Row.Identity, _clock.Now + 60_000, _table.Epoch("book"));

        Assert.Equal(_clock.Now + 2_000, entry.UsableUntil);
    }

    [Fact]
    public void A_pushed_row_is_taken_with_a_lease_from_the_acknowledgement()
    {
        var entry = Keep("book", lease: 10_000);
        var token = _table.Revoke(["book"]).Tokens[0];
        Pass(3_000);

        Assert.True(_table.TryTake(TestEntries.Row("book", 700, version: 2), token, new(token.At, token.At + 10_000, _clock.Now + 60_000)));

        Assert.Equal((2, _clock.Now + 7_000), (entry.Row.Identity.Version, entry.UsableUntil));
        Assert.Equal(TestEntries.OwnBytes + 16 + 700, _table.Statistics().Bytes);
    }

    [Fact]
    public void A_pushed_row_is_refused_after_another_revocation()
    {
        var entry = Keep("book", lease: 10_000);
        var token = _table.Revoke(["book"]).Tokens[0];
        _table.Revoke(["book"]);

        Assert.False(_table.TryTake(TestEntries.Row("book", 700, version: 2), token, new(0, _clock.Now + 10_000, _clock.Now + 60_000)));

        Assert.Equal(1, entry.Row.Identity.Version);
        Assert.False(_clock.Now < entry.UsableUntil);
    }

    [Fact]
    public void A_row_that_grows_evicts_others()
    {
        var grows = Keep("grows", lease: 10_000);
        var others = Enumerable.Range(0, 440).Select(i => Keep($"{i}", lease: 10_000)).ToArray();

        Pass(200);
        _table.Touch(grows);
        var lifetime = new EntryLifetime(0, _clock.Now + 10_000, _clock.Now + 60_000);
        Assert.True(_table.TryReplace(grows, TestEntries.Row("grows", 60_000, version: 2), lifetime, _table.Epoch("grows")));

        Assert.InRange(_table.Statistics().Bytes, 0, _table.BudgetBytes);
        Assert.NotEqual(0, _table.Statistics().Evictions);
        Assert.Contains(others, entry => _table.Find(entry.Row.Key) is null);
    }

    [Fact]
    public void A_client_gets_a_lease_under_a_valid_one_that_ends_no_later()
    {
        var entry = Keep("book", lease: 10_000);
        Pass(2_000);

        Assert.Equal(8_000, _table.GrantToClient(entry, entry.Row.Identity, client: 5));
        var downstream = Assert.Single(_table.Revoke(["book"]).DownstreamGrants);
        Assert.Equal((1UL << 5, _clock.Now + 8_000), (downstream.Holders, downstream.Until));
        Assert.Equal(0, _table.GrantToClient(entry, entry.Row.Identity, client: 6));
    }

    [Fact]
    public void A_client_is_registered_until_its_lease_ends_and_no_longer_and_only_for_the_row_that_the_entry_has()
    {
        var entry = Keep("book", lease: 10_000);
        Assert.False(LeasedEntryTable.HasGranted(entry, client: 5, entry.UsableUntil));

        _table.GrantToClient(entry, entry.Row.Identity, client: 5);

        Assert.True(LeasedEntryTable.HasGranted(entry, client: 5, entry.UsableUntil));
        Assert.False(LeasedEntryTable.HasGranted(entry, client: 6, entry.UsableUntil));
        Assert.False(LeasedEntryTable.HasGranted(entry, client: 5, entry.UsableUntil + 1));

        var lifetime = new EntryLifetime(0, entry.UsableUntil, _clock.Now + 60_000);
        _table.TryReplace(entry, TestEntries.Row("book", 7, version: 2), lifetime, _table.Epoch("book"));
        Assert.False(LeasedEntryTable.HasGranted(entry, client: 5, entry.UsableUntil));
    }

    [Fact]
    public void An_entry_whose_lease_has_ended_is_not_kept()
    {
        var entry = TestEntries.Make(null, "book", 7, _clock.Now + 60_000, leaseEnds: _clock.Now);

        Assert.False(_table.TryKeep(entry, _table.Epoch("book")));
    }

    [Fact]
    public void A_clients_lease_outlives_the_entry_that_it_is_on()
    {
        var entry = Keep("book", lease: 10_000);
        Assert.Equal(10_000, _table.GrantToClient(entry, entry.Row.Identity, client: 1));
        _table.Release(entry);
        Assert.Null(_table.Find("book"));

        Assert.Single(_table.Revoke(["book"]).DownstreamGrants);
        Pass(10_000);
        Assert.Empty(_table.Revoke(["book"]).DownstreamGrants);
    }

    [Fact]
    public void No_client_gets_a_lease_on_a_book_that_was_just_edited()
    {
        var entry = Keep("book", lease: 10_000);
        var token = _table.Revoke(["book"]).Tokens[0];
        var lifetime = new EntryLifetime(token.At, token.At + 100_000, _clock.Now + 200_000, CooldownEnds: _clock.Now + 60_000);
        _table.TryTake(TestEntries.Row("book", 7, version: 2), token, lifetime);

        Assert.Equal(0, _table.GrantToClient(entry, entry.Row.Identity, client: 1));
        Pass(60_000);
        Assert.Equal(40_000, _table.GrantToClient(entry, entry.Row.Identity, client: 1));
    }

    [Fact]
    public void The_books_of_a_slot_are_revoked_together_and_no_others()
    {
        var entries = Enumerable.Range(0, 200).Select(i => Keep($"book {i}", lease: 10_000)).ToArray();
        var elsewhere = Keep("late", lease: 10_000);
        var slot = CacheKey.Parse("book 0").SlotOf(64);
        var observedEpoch = _table.Epoch("book 0");

        _table.RevokeSlot(slot);

        Assert.All(
            entries.Append(elsewhere),
            entry => Assert.Equal(CacheKey.Parse(entry.Row.Key).SlotOf(64) != slot, _clock.Now < entry.UsableUntil));
        Assert.NotEqual(observedEpoch, _table.Epoch("book 0"));
    }

    [Fact]
    public void Entries_in_use_are_to_be_renewed_before_their_leases_end_and_others_are_not()
    {
        _clock.Advance(TimeSpan.FromMinutes(2));
        var used = Keep("used", lease: 100_000, life: 600_000);
        Keep("unused", lease: 100_000, life: 600_000);

        Pass(90_000);
        _table.Touch(used);
        Assert.Empty(_table.TakeRenewable());
        Pass(6_200);

        Assert.Equal([used], _table.TakeRenewable());
        Assert.Empty(_table.TakeRenewable());
        Assert.True(_table.TryExtend(used, used.Row.Identity, _clock.Now + 10_000, _table.Epoch("used")));
        Pass(6_200);
        Assert.Equal([used], _table.TakeRenewable());
    }

    [Fact]
    public void An_entry_whose_row_was_read_again_stays_for_longer_and_one_that_was_revoked_meanwhile_does_not()
    {
        var entry = Keep("book", lease: 10_000, life: 5_000);
        var observedEpoch = _table.Epoch("book");
        Assert.Equal(_clock.Now + 5_000, entry.UsableUntil);

        Assert.False(_table.TryProlong(entry, new(2, TestEntries.Tag), _clock.Now, _clock.Now + 60_000, observedEpoch));
        Assert.True(_table.TryProlong(entry, entry.Row.Identity, _clock.Now, _clock.Now + 60_000, observedEpoch));
        Assert.Equal((_clock.Now + 60_000, _clock.Now + 10_000), (entry.Ends, entry.UsableUntil));

        _table.Revoke(["book"]);
        Assert.False(_table.TryProlong(entry, entry.Row.Identity, _clock.Now, _clock.Now + 90_000, observedEpoch));
        Assert.True(_table.TryProlong(entry, entry.Row.Identity, _clock.Now, _clock.Now + 90_000, _table.Epoch("book")));
        Assert.Equal(long.MinValue, entry.UsableUntil);
    }

    [Fact]
    public void No_client_gets_a_lease_on_a_row_that_the_entry_no_longer_holds()
    {
        var entry = Keep("book", lease: 10_000);

        Assert.Equal(0, _table.GrantToClient(entry, new(7, TestEntries.Tag), client: 1));
        Assert.Equal(0UL, _table.ClientGrants("book"));
        Assert.NotEqual(0, _table.GrantToClient(entry, entry.Row.Identity, client: 1));
    }

    [Fact]
    public void A_renewal_that_failed_is_tried_again_while_the_lease_lasts()
    {
        var entry = Keep("book", lease: 10_000, life: 600_000);
        _table.Touch(entry);
        Pass(6_100);
        Assert.Equal([entry], _table.TakeRenewable());

        _table.RenewLater(entry, _clock.Now + 1_000);
        Pass(1_200);
        Assert.Equal([entry], _table.TakeRenewable());
        Pass(3_000);
        _table.RenewLater(entry, _clock.Now + 1_000);
        Pass(2_000);
        Assert.Empty(_table.TakeRenewable());
    }

    [Fact]
    public void All_entries_are_revoked_at_once_and_pending_responses_are_invalidated()
    {
        var (one, other) = (Keep("one", lease: 10_000), Keep("other", lease: 10_000));
        var onItsWay = _table.Epoch("on its way");
        Assert.Equal(0UL, _table.ClientGrants("one"));
        _table.GrantToClient(one, one.Row.Identity, client: 3);
        _table.GrantToClient(one, one.Row.Identity, client: 5);
        Assert.Equal((1UL << 3) | (1UL << 5), _table.ClientGrants("one"));

        var revoked = _table.RevokeAll();

        Assert.Equal("one", Assert.Single(revoked.DownstreamGrants).Book);
        Assert.True(one.UsableUntil < _clock.Now && other.UsableUntil < _clock.Now);
        Assert.NotEqual(onItsWay, _table.Epoch("on its way"));
    }

    [Fact]
    public void A_closed_table_neither_uses_nor_keeps_entries()
    {
        var entry = Keep("book", lease: 10_000);
        _table.GrantToClient(entry, entry.Row.Identity, client: 3);

        Assert.Single(_table.Close());

        Assert.False(_clock.Now < entry.UsableUntil);
        var late = TestEntries.Make(null, "late", 1, _clock.Now + 60_000, _clock.Now + 10_000);
        Assert.False(_table.TryKeep(late, _table.Epoch("late")));
        Assert.False(_table.TryExtend(entry, entry.Row.Identity, _clock.Now + 10_000, _table.Epoch("book")));
        Assert.Equal(0, _table.GrantToClient(entry, entry.Row.Identity, client: 4));
    }

    private CacheEntry Keep(string book, long lease, long life = 60_000)
    {
        var entry = TestEntries.Make(null, book, 7, _clock.Now + life, _clock.Now + lease);
        Assert.True(_table.TryKeep(entry, _table.Epoch(book)));
        return entry;
    }

    private void Pass(long milliseconds) => _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
