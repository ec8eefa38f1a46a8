using OrleansCache.Entries;
using OrleansCache.TestSupport;

namespace OrleansCache.Tests.Entries;

/// <summary>How entries get and lose the right to be used.</summary>
public sealed class EntryLeaseTests : IAsyncLifetime
{
    private const int Slots = 64;

    private static readonly Guid Client = new(1, 0, 0, new byte[8]);
    private static readonly Guid OtherClient = new(2, 0, 0, new byte[8]);

    private readonly ManualClock _clock = new();
    private readonly LeasedEntryTable _table;
    private readonly VolumeLeases _volumes = new(Slots);

    public EntryLeaseTests() => _table = new(_clock, 1_000_000, Slots, new ProlongRules(Before: 4_000, UsedWithin: 30_000));

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _table.DisposeAsync().AsTask();

    [Fact]
    public void Entries_are_used_until_their_volume_lease_ends_and_again_when_it_is_longer()
    {
        var (one, other) = (Keep("one", lease: 10_000), Keep("other", lease: 20_000));

        Pass(9_999);
        Assert.True(IsUsable(one));
        Pass(1);
        Assert.Equal((false, true), (IsUsable(one), IsUsable(other)));
        Assert.Same(one, _table.Find("one"));

        Lease("one", until: _clock.Now + 5_000);
        Assert.True(IsUsable(one));
    }

    [Fact]
    public void The_entries_of_a_generation_are_suspended_by_the_next_one_until_each_is_confirmed()
    {
        var (entry, epoch) = (Keep("book", lease: 10_000), _table.Epoch("book"));
        var next = Lease("book", _clock.Now + 10_000, generation: 2);
        Assert.False(IsUsable(entry));

        Assert.False(_table.TryConfirm(entry, new(2, TestEntries.Tag), next, long.MaxValue, epoch));
        Assert.True(_table.TryConfirm(entry, entry.Row.Identity, next, long.MaxValue, epoch));

        Assert.True(IsUsable(entry));
    }

    [Fact]
    public void A_revoked_entry_is_not_used_and_keeps_its_row_and_a_longer_lease_does_not_bring_it_back()
    {
        var entry = Keep("book", lease: 10_000);

        var revoked = _table.Revoke(["book", "other"]);
        Lease("book", _clock.Now + 20_000);

        Assert.False(IsUsable(entry));
        Assert.Equal(1, entry.Row.Identity.Version);
        Assert.Equal([true, false], revoked.Tokens.Select(token => token.HeldEntry));
    }

    [Fact]
    public void A_revoked_entry_is_used_again_when_it_is_confirmed_unless_that_was_requested_before_the_revocation()
    {
        var entry = Keep("book", lease: 10_000);
        var before = _table.Epoch("book");
        _table.Revoke(["book"]);

        Assert.False(_table.TryConfirm(entry, entry.Row.Identity, entry.Volume, long.MaxValue, before));
        Assert.False(IsUsable(entry));
        Assert.True(_table.TryConfirm(entry, entry.Row.Identity, entry.Volume, long.MaxValue, _table.Epoch("book")));
        Assert.True(IsUsable(entry));
    }

    [Fact]
    public void An_entry_with_an_end_of_its_own_is_used_until_then_and_given_to_no_client()
    {
        var entry = Keep("book", lease: 10_000);
        _table.Revoke(["book"]);

        Assert.True(_table.TryConfirm(entry, entry.Row.Identity, entry.Volume, _clock.Now + 2_000, _table.Epoch("book")));

        Assert.Equal(_clock.Now + 2_000, entry.UsableUntil);
        Assert.False(Register(entry).IsRegistered);
        Assert.False(_table.TryProlong(entry, 90_000));
    }

    [Fact]
    public void No_lease_outlives_the_time_to_live() =>
        Assert.Equal(_clock.Now + 2_000, Keep("book", lease: 10_000, life: 2_000).UsableUntil);

    [Fact]
    public void A_pushed_row_is_taken_and_refused_after_another_revocation()
    {
        var entry = Keep("book", lease: 10_000);
        var first = _table.Revoke(["book"]).Tokens[0];
        var second = _table.Revoke(["book"]).Tokens[0];
        var lifetime = new EntryLifetime(entry.Volume, 0, _clock.Now + 60_000);

        Assert.False(_table.TryTake(TestEntries.Row("book", 700, version: 2), first, lifetime));
        Assert.False(IsUsable(entry));
        Assert.True(_table.TryTake(TestEntries.Row("book", 700, version: 3), second, lifetime));

        Assert.Equal((3, _clock.Now + 10_000), (entry.Row.Identity.Version, entry.UsableUntil));
        Assert.Equal(TestEntries.OwnBytes + 16 + 700, _table.Statistics().Bytes);
    }

    [Fact]
    public void A_row_that_grows_evicts_others()
    {
        var grows = Keep("grows", lease: 10_000);
        var others = Enumerable.Range(0, 440).Select(i => Keep($"{i}", lease: 10_000)).ToArray();

        Pass(200);
        _table.Touch(grows);
        var lifetime = new EntryLifetime(grows.Volume, 0, _clock.Now + 60_000);
        Assert.True(_table.TryReplace(grows, TestEntries.Row("grows", 60_000, version: 2), lifetime, _table.Epoch("grows")));

        Assert.InRange(_table.Statistics().Bytes, 0, _table.BudgetBytes);
        Assert.NotEqual(0, _table.Statistics().Evictions);
        Assert.Contains(others, entry => _table.Find(entry.Row.Key) is null);
    }

    [Fact]
    public void An_entry_without_a_lease_is_not_kept()
    {
        var entry = TestEntries.Make(null, "book", 7, _clock.Now + 60_000, TestEntries.Volume(until: _clock.Now));

        Assert.False(_table.TryKeep(entry, _table.Epoch("book")));
    }

    [Fact]
    public void A_client_that_is_registered_is_found_by_the_revocation_and_none_is_registered_after_it()
    {
        var entry = Keep("book", lease: 10_000);

        Assert.Equal((true, _clock.Now + 10_000), Register(entry));
        Assert.Equal(1, _table.ClientsOf("book"));
        var revocation = Assert.Single(_table.Revoke(["book"]).Clients);

        Assert.Equal((Client, "book", _clock.Now + 10_000), (revocation.Holder.Id, Assert.Single(revocation.Keys), revocation.Limit));
        Assert.False(Register(entry, OtherClient).IsRegistered);
    }

    [Fact]
    public void A_client_that_has_something_to_drop_gets_no_longer_lease_until_an_answer_names_it()
    {
        var (entry, other) = (Keep("book", lease: 10_000), Keep("other", lease: 10_000));
        Register(entry);
        _table.Revoke(["book"]);
        Lease("other", _clock.Now + 30_000);

        Assert.Equal((true, long.MinValue), Register(other));
        var client = _table.AdmitClient(Client, 0);
        Assert.Equal(_clock.Now + 10_000, client.Until);
        Assert.Equal(["book"], _table.RenewClient(client, _volumes, new(0, []), confirmed: 0).Drops);
        Assert.Equal(_clock.Now + 30_000, client.Until);

        // Not confirmed yet: it is named again.
        Assert.Equal(["book"], _table.RenewClient(client, _volumes, new(0, []), confirmed: 0).Drops);
        Assert.Equal(3, _table.RenewClient(client, _volumes, new(0, []), confirmed: 1).Answer);
        Assert.False(client.HasDrops);
    }

    [Fact]
    public void A_registration_is_found_without_a_lock_only_while_it_covers_what_would_be_granted()
    {
        var entry = Keep("book", lease: 10_000);
        Register(entry);
        var client = _table.AdmitClient(Client, 0);

        Assert.True(LeasedEntryTable.IsRegistered(entry, client, entry.Volume.Until, sent: 0));
        Assert.False(LeasedEntryTable.IsRegistered(entry, client, entry.Volume.Until + 1, sent: 0));
        // A release that may be for this key is under way.
        Assert.False(LeasedEntryTable.IsRegistered(entry, client, entry.Volume.Until, sent: 1));
        Assert.False(LeasedEntryTable.IsRegistered(entry, _table.AdmitClient(OtherClient, 0), entry.Volume.Until, sent: 0));

        var lifetime = new EntryLifetime(entry.Volume, 0, _clock.Now + 60_000);
        _table.TryReplace(entry, TestEntries.Row("book", 7, version: 2), lifetime, _table.Epoch("book"));
        Assert.False(LeasedEntryTable.IsRegistered(entry, client, entry.Volume.Until, sent: 0));
    }

    [Fact]
    public void No_client_is_registered_for_a_book_that_was_just_edited_or_for_a_row_that_the_entry_no_longer_has()
    {
        var entry = Keep("book", lease: 100_000, life: 200_000);
        var token = _table.Revoke(["book"]).Tokens[0];
        var lifetime = new EntryLifetime(entry.Volume, 0, _clock.Now + 200_000, CooldownEnds: _clock.Now + 60_000);
        _table.TryTake(TestEntries.Row("book", 7, version: 2), token, lifetime);

        Assert.False(Register(entry).IsRegistered);
        Pass(60_000);
        Assert.False(_table.RegisterClient(entry, new(7, TestEntries.Tag), _table.AdmitClient(Client, 0), 0).IsRegistered);
        Assert.True(Register(entry).IsRegistered);
    }

    [Fact]
    public void A_key_that_has_left_is_released_once_it_is_with_no_client_either()
    {
        var (entry, held) = (Keep("book", lease: 10_000), Keep("held", lease: 10_000));
        Register(held);
        var (queue, epoch) = (entry.Volume.Releases, _table.Epoch("book"));
        _table.Release(entry);
        _table.Release(held);

        var released = _table.TakeReleases(queue, 100);
        Assert.Equal((1, "book"), (released.Number, Assert.Single(released.Keys)));
        Assert.NotEqual(epoch, _table.Epoch("book"));
        Assert.Empty(_table.TakeReleases(held.Volume.Releases, 100).Keys);

        _table.RenewClient(_table.AdmitClient(Client, 0), _volumes, new(1, ["held"]), confirmed: 0);
        Assert.Equal(["held"], _table.TakeReleases(held.Volume.Releases, 100).Keys);
    }

    [Fact]
    public void A_key_that_is_held_again_is_not_released()
    {
        var entry = Keep("book", lease: 10_000);
        _table.Release(entry);
        Keep("book", lease: 10_000);

        Assert.Empty(_table.TakeReleases(entry.Volume.Releases, 100).Keys);
    }

    [Fact]
    public void Entries_in_use_are_prolonged_before_their_time_to_live_ends_and_others_are_not()
    {
        _clock.Advance(TimeSpan.FromMinutes(2));
        var (used, suspended) = (Keep("used", lease: 200_000, life: 100_000), Keep("suspended", lease: 200_000, life: 100_000));
        Keep("unused", lease: 200_000, life: 100_000);
        Pass(80_000);
        _table.Touch(used);
        _table.Touch(suspended);
        Lease("suspended", _clock.Now + 10_000, generation: 2);
        Assert.Empty(_table.TakeExpiring());
        Pass(16_200);

        Assert.Equal([used, suspended], _table.TakeExpiring().OrderByDescending(entry => entry.Book));
        Assert.Empty(_table.TakeExpiring());
        Assert.True(_table.TryProlong(used, 100_000));
        Assert.False(_table.TryProlong(suspended, 100_000));
        Pass(10_000);
        Assert.Equal((used, null, null), (_table.Find("used"), _table.Find("unused"), _table.Find("suspended")));
    }

    [Fact]
    public void What_is_under_way_of_a_slot_that_ends_is_discarded_and_its_clients_are_named()
    {
        var entry = Keep("book", lease: 10_000);
        Register(entry);
        var (slot, epoch) = (CacheKey.Parse("book").SlotOf(Slots), _table.Epoch("book"));

        _volumes.End(slot, lowestEpoch: 2);
        Assert.Equal((Client, _clock.Now + 10_000), Assert.Single(_table.EndSlot(slot).Select(one => (one.Holder.Id, one.Limit))));

        Assert.False(IsUsable(entry));
        Assert.NotEqual(epoch, _table.Epoch("book"));
    }

    [Fact]
    public void A_closed_table_neither_uses_nor_keeps_entries()
    {
        var entry = Keep("book", lease: 10_000);
        Register(entry);

        Assert.Single(_table.Close());

        Assert.False(IsUsable(entry));
        Assert.False(_table.TryKeep(TestEntries.Make(null, "late", 1, _clock.Now + 60_000), _table.Epoch("late")));
        Assert.False(_table.TryConfirm(entry, entry.Row.Identity, entry.Volume, long.MaxValue, _table.Epoch("book")));
        Assert.False(Register(entry, OtherClient).IsRegistered);
    }

    private VolumeLease Lease(string book, long until, long generation = 1) =>
        _volumes.Take(CacheKey.Parse(book).SlotOf(Slots), new(1, generation), until)!;

    private SharedEntry Keep(string book, long lease, long life = 60_000)
    {
        var entry = TestEntries.Make(null, book, 7, _clock.Now + life, Lease(book, _clock.Now + lease));
        Assert.True(_table.TryKeep(entry, _table.Epoch(book)));
        return entry;
    }

    private (bool IsRegistered, long Until) Register(SharedEntry entry, Guid? client = null) =>
        _table.RegisterClient(entry, entry.Row.Identity, _table.AdmitClient(client ?? Client, 0), sent: 0);

    private bool IsUsable(SharedEntry entry) => _clock.Now < entry.UsableUntil;

    private void Pass(long milliseconds) => _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
}
