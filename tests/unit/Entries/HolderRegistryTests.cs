using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

/// <summary>What a granter knows of its holders.</summary>
public sealed class HolderRegistryTests
{
    private static readonly RowVersion Row = new(1, TestEntries.Tag);

    private readonly HolderRegistry<string> _registry = new(most: 1_000, keepsUnheld: true);

    [Fact]
    public void A_revocation_finds_everyone_who_is_registered_and_waits_for_each_until_its_own_lease_ends()
    {
        var (one, other) = (Admit("one", until: 100), Admit("other", until: 200));
        Register(one, "a", "b");
        Register(other, "b");

        var revocations = _registry.Begin(["a", "b"], now: 50).OrderBy(revocation => revocation.Limit).ToArray();

        Assert.Equal(["one", "other"], revocations.Select(revocation => revocation.Holder.Id));
        Assert.Equal([100L, 200L], revocations.Select(revocation => revocation.Limit));
        Assert.Equal(["a", "b"], revocations[0].Keys);
        Assert.Equal(["b"], revocations[1].Keys);
    }

    [Fact]
    public void A_holder_that_acknowledges_is_not_registered_any_more_and_has_nothing_to_drop()
    {
        var holder = Admit("one", until: 100);
        Register(holder, "a", "b");
        _registry.Begin(["a"], now: 50);

        _registry.Acknowledge(holder, ["a"]);

        Assert.Equal((0, 1, false), (_registry.HoldersOf("a"), _registry.HoldersOf("b"), holder.HasDrops));
    }

    [Fact]
    public void A_registration_that_is_made_during_a_revocation_outlasts_it()
    {
        var holder = Admit("one", until: 100);
        Register(holder, "a");
        _registry.Begin(["a"], now: 50);
        Register(holder, "a");

        _registry.Acknowledge(holder, ["a"]);

        Assert.Equal(1, _registry.HoldersOf("a"));
    }

    [Fact]
    public void A_revocation_waits_for_one_that_is_under_way_as_long_as_that_does()
    {
        var holder = Admit("one", until: 100);
        Register(holder, "a");
        _registry.Begin(["a"], now: 50);
        holder.Extend(150);

        Assert.Equal(100, Assert.Single(_registry.Begin(["a"], now: 60)).Limit);
        Assert.Equal(1, _registry.HoldersOf("a"));
        _registry.Acknowledge(holder, ["a"]);
        Assert.Empty(_registry.Begin(["a"], now: 60));
    }

    [Fact]
    public void A_holder_that_is_silent_until_its_lease_ends_lapses_with_all_that_it_had_and_is_waited_for_once()
    {
        var holder = Admit("one", until: 100);
        Register(holder, "a", "b");
        _registry.Begin(["a"], now: 50);

        _registry.GiveUp(holder, ["a"], now: 100);

        Assert.True(holder.HasLapsed);
        Assert.Empty(_registry.Begin(["b"], now: 100));
        var next = _registry.Admit("one", holder.Generation);
        Assert.True(next.Generation > holder.Generation);
        Assert.Equal(0, _registry.HoldersOf("b"));
    }

    [Fact]
    public void A_silent_holder_that_was_renewed_meanwhile_has_not_lapsed_and_drops_the_key_until_it_says_so()
    {
        var holder = Admit("one", until: 100);
        Register(holder, "a", "b");
        _registry.Begin(["a"], now: 50);
        Assert.Equal(["a"], _registry.NameDrops(holder).Drops);
        holder.Extend(150);

        _registry.GiveUp(holder, ["a"], now: 100);

        Assert.Equal((false, 0, 1), (holder.HasLapsed, _registry.HoldersOf("a"), _registry.HoldersOf("b")));
        // The answer that named it may be lost.
        Assert.Equal(["a"], _registry.NameDrops(holder).Drops);
        _registry.Confirm(holder, answer: 1);
        Assert.Empty(_registry.NameDrops(holder).Drops);
    }

    [Fact]
    public void An_answer_that_named_nothing_confirms_nothing()
    {
        var holder = Admit("one", until: 100);
        Register(holder, "a");
        _registry.NameDrops(holder);
        _registry.Begin(["a"], now: 50);

        _registry.Confirm(holder, answer: 1);

        Assert.True(holder.HasDrops);
    }

    [Fact]
    public void A_holder_whose_lease_has_ended_is_not_waited_for()
    {
        Register(Admit("one", until: 100), "a");

        Assert.Empty(_registry.Begin(["a"], now: 100));
    }

    [Fact]
    public void A_holder_keeps_its_generation_until_it_needs_a_later_one()
    {
        var first = _registry.Admit("one", atLeast: 0);
        Register(first, "a");

        Assert.Same(first, _registry.Admit("one", first.Generation));
        var later = _registry.Admit("one", first.Generation + 1);
        Assert.True(later.Generation > first.Generation);
        Assert.True(first.HasLapsed);
        Assert.Equal(0, _registry.HoldersOf("a"));
        // A late request of the former generation.
        Assert.Same(later, _registry.Admit("one", first.Generation));
    }

    [Fact]
    public void A_released_key_is_not_registered_any_more()
    {
        var holder = Admit("one", until: 100);
        Register(holder, "a", "b");

        _registry.Release(holder, new(1, ["a"]));

        Assert.Equal((0, 1), (_registry.HoldersOf("a"), _registry.HoldersOf("b")));
    }

    [Fact]
    public void A_request_that_overtakes_the_release_of_its_key_stays_registered()
    {
        var holder = Admit("one", until: 100);
        Register(holder, "a", "b");
        _registry.Register(holder, "a", Row, sent: 1);

        _registry.Release(holder, new(1, ["a", "b"]));

        Assert.Equal((1, 0), (_registry.HoldersOf("a"), _registry.HoldersOf("b")));
        _registry.Release(holder, new(2, ["a"]));
        Assert.Equal(0, _registry.HoldersOf("a"));
    }

    [Fact]
    public void A_release_that_was_overtaken_by_a_later_one_is_ignored()
    {
        var holder = Admit("one", until: 100);
        _registry.Release(holder, new(2, []));
        _registry.Register(holder, "a", Row, sent: 2);

        _registry.Release(holder, new(1, ["a"]));

        Assert.Equal(1, _registry.HoldersOf("a"));
    }

    [Fact]
    public void A_thousand_holders_have_places_of_their_own()
    {
        var holders = Enumerable.Range(0, 1_000).Select(i => Admit($"{i}", until: 100)).ToArray();
        foreach (var holder in holders)
            Register(holder, "a");
        Register(holders[999], "b");

        Assert.Equal(1_000, _registry.Begin(["a"], now: 50).Count);
        Assert.Equal("999", Assert.Single(_registry.Begin(["b"], now: 50)).Holder.Id);
    }

    [Fact]
    public void The_place_of_a_holder_that_lapsed_is_given_to_another_one_without_its_registrations()
    {
        var gone = Admit("gone", until: 100);
        for (var i = 0; i < 900; i++)
            Register(gone, $"{i}");
        _registry.Lapse(gone);
        for (var round = 0; round < 3; round++)
            _registry.Tidy(endedBefore: long.MinValue);

        var next = Admit("next", until: 100);

        Assert.Equal(gone.Number, next.Number);
        Assert.All(Enumerable.Range(0, 900), i => Assert.Equal(0, _registry.HoldersOf($"{i}")));
    }

    [Fact]
    public void The_place_of_a_holder_that_lapsed_is_not_given_away_before_every_key_was_looked_at()
    {
        var gone = Admit("gone", until: 100);
        Register(gone, "a");
        _registry.Lapse(gone);

        Assert.NotEqual(gone.Number, Admit("next", until: 100).Number);
        Assert.Equal(0, _registry.HoldersOf("a"));
    }

    [Fact]
    public void Keys_that_nobody_holds_make_room_for_others_and_what_is_held_is_to_be_recalled()
    {
        var registry = new HolderRegistry<string>(most: 100, keepsUnheld: true);
        var holder = registry.Admit("one", 0);
        for (var i = 0; i < 50; i++)
            registry.Register(holder, $"held {i}", Row, 0);
        for (var i = 0; i < 500; i++)
            Assert.NotNull(registry.Know($"known {i}", Row));

        Assert.InRange(registry.Count, 90, 113);
        Assert.All(Enumerable.Range(0, 50), i => Assert.Equal(1, registry.HoldersOf($"held {i}")));
        for (var i = 50; i < 200; i++)
            registry.Register(holder, $"held {i}", Row, 0);
        Assert.True(registry.IsFull);
        Assert.Equal(20, registry.Oldest(20).Length);
        Assert.InRange(registry.Count, 100, 113);
    }

    [Fact]
    public void Where_it_is_not_wanted_no_key_is_known_that_nobody_holds()
    {
        var registry = new HolderRegistry<string>(most: 100, keepsUnheld: false);
        var holder = registry.Admit("one", 0);
        registry.Register(holder, "a", Row, 0);

        registry.Release(holder, new(1, ["a"]));

        Assert.Equal((0, 0L), (registry.Count, registry.Bytes));
    }

    [Fact]
    public void Holders_that_were_not_renewed_for_long_are_forgotten()
    {
        Register(Admit("gone", until: 100), "a");
        Register(Admit("here", until: 200), "a");

        _registry.Tidy(endedBefore: 150);

        Assert.Equal((1, 1), (_registry.Holders, _registry.HoldersOf("a")));
    }

    private Holder<string> Admit(string id, long until)
    {
        var holder = _registry.Admit(id, 0);
        holder.Extend(until);
        return holder;
    }

    private void Register(Holder<string> holder, params string[] keys)
    {
        foreach (var key in keys)
            Assert.NotNull(_registry.Register(holder, key, Row, sent: 0));
    }
}
