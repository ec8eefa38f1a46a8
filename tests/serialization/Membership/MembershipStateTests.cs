using Orleans.Runtime;
using OrleansCache.Engine.Membership;

namespace OrleansCache.Engine.Internals.Tests.Membership;

/// <summary>What becomes of the membership when its table is changed, or lost.</summary>
public sealed class MembershipStateTests
{
    [Fact]
    public void A_state_survives_being_written_as_text()
    {
        var row = Silos.Row(1, SiloStatus.ShuttingDown) with { Votes = [new DeathVote(Silos.Address(2), DateTimeOffset.UnixEpoch)] };
        var state = Silos.State("a", 7, row, Silos.Row(2));

        var read = MembershipText.Read(MembershipText.Write(state));

        Assert.Equal((state.TableId, state.Version, 2), (read.TableId, read.Version, read.Rows.Count));
        Assert.Equal(row with { Votes = [] }, read.Rows[row.Silo] with { Votes = [] });
        Assert.Equal(row.Votes.Single(), Assert.Single(read.Rows[row.Silo].Votes));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"Name":"x","Status":"Cheerful","Gateway":1,"Started":"2026-01-01T00:00:00Z","Votes":[]}""")]
    public void A_row_that_is_none_is_refused_with_the_silo_it_is_of(string text) =>
        Assert.Contains("127.0.0.1:1@2", Assert.Throws<FormatException>(() => MembershipText.ReadRow("127.0.0.1:1@2", text)).Message, StringComparison.Ordinal);

    [Fact]
    public void Only_the_latest_dead_silos_are_kept()
    {
        var state = Silos.State("a", 1, [.. Enumerable.Range(1, 5).Select(number => Silos.Row(number, SiloStatus.Dead)), Silos.Row(6)]);

        var next = state.Next([Silos.Row(7)], mostDead: 2);

        Assert.Equal(new[] { 4, 5, 6, 7 }.Select(Silos.Address), next.Rows.Keys.Order());
        Assert.Equal(2, next.Version);
    }

    [Fact]
    public void A_table_that_was_lost_gets_the_silos_back_at_a_version_that_nobody_has_seen()
    {
        var known = Silos.State("old", 57, Silos.Row(1), Silos.Row(2), Silos.Row(3, SiloStatus.Dead));
        var found = Silos.State("new", 2, Silos.Row(4, SiloStatus.Joining));

        Assert.True(found.HasLost(known));
        var restored = found.Restored(known);

        Assert.Equal(new[] { 1, 2, 4 }.Select(Silos.Address), restored.Rows.Keys.Order());
        Assert.True(restored.Version > 57);
        Assert.Equal("new", restored.TableId);
    }

    [Fact]
    public void Of_two_silos_that_restore_a_table_the_later_one_adds_only_what_it_alone_knows()
    {
        var known = Silos.State("old", 57, Silos.Row(1), Silos.Row(2));
        var behind = Silos.State("old", 56, Silos.Row(1));

        var first = MembershipState.Empty.Restored(behind);
        var second = first.Restored(known);
        var third = second.Restored(behind);

        Assert.True(first.HasLost(known));
        Assert.Equal(2, second.Rows.Count);
        Assert.True(second.Version > first.Version);
        Assert.Same(second, third);
    }

    [Fact]
    public void A_table_put_back_to_an_earlier_state_brings_nobody_back_to_life()
    {
        var earlier = Silos.State("a", 40, Silos.Row(1), Silos.Row(2));
        var known = Silos.State("a", 57, Silos.Row(1), Silos.Row(2, SiloStatus.Dead));

        Assert.True(earlier.HasLost(known));
        var restored = earlier.Restored(known);

        Assert.Equal(SiloStatus.Dead, restored.Rows[Silos.Address(2)].Status);
        Assert.True(restored.Version > 57);
        Assert.NotEqual("a", restored.TableId);
    }

    [Fact]
    public void A_later_state_of_the_same_table_has_lost_nothing()
    {
        var known = Silos.State("a", 57, Silos.Row(1));

        Assert.False(Silos.State("a", 60, Silos.Row(2)).HasLost(known));
        Assert.False(known.HasLost(MembershipState.Empty));
    }
}
