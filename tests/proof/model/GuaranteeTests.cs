using OrleansCache.Model.Rules;
using Xunit.Abstractions;
using static OrleansCache.Model.Configurations;

namespace OrleansCache.Model;

/// <summary>
/// No state that the protocol can reach while the slot has one owner breaks a guarantee. The largest explorations run with
/// <c>./test --all</c>.
/// </summary>
public sealed class GuaranteeTests(ITestOutputHelper output)
{
    [Fact]
    public void An_edit_in_two_regions_with_a_near_cache() => output.Holds(TwoSilosAndClient);

    [Fact, Trait("Tier", "All")]
    public void An_edit_in_two_regions_with_a_near_cache_under_longer_leases() =>
        output.Holds(TwoSilosAndClient with { Lease = 2, LateRenewals = 0 });

    [Fact, Trait("Tier", "All")]
    public void An_edit_in_two_regions_whose_renewals_are_all_late() => output.Holds(TwoSilos with { Lease = 2, LateRenewals = 2 });

    [Fact, Trait("Tier", "All")]
    public void An_edit_and_a_sql_edit_in_two_regions() => output.Holds(TwoSilos.AndSql());

    [Fact, Trait("Tier", "All")]
    public void An_edit_and_a_sql_edit_in_two_regions_under_longer_leases() =>
        output.Holds(TwoSilos.AndSql() with { Lease = 2, LateRenewals = 0 });

    [Fact, Trait("Tier", "All")]
    public void Two_edits_in_two_regions() => output.Holds(TwoSilos.AndAnotherEdit());

    [Fact]
    public void Entries_leave_memory_in_two_regions() => output.Holds(TwoSilos.AndReleases(1) with { LateRenewals = 0 });

    [Fact]
    public void The_feed_breaks_in_two_regions() => output.Holds(TwoSilos.AndABrokenFeed() with { LateRenewals = 0 });

    [Fact]
    public void An_edit_under_longer_leases() => output.Holds(SiloAndClient with { Lease = 3 });

    [Fact, Trait("Tier", "All")]
    public void An_edit_and_a_sql_edit_with_a_near_cache() => output.Holds(SiloAndClient.AndSql());

    [Fact]
    public void An_edit_and_a_sql_edit_with_a_near_cache_under_the_shortest_leases() =>
        output.Holds(SiloAndClient.AndSql() with { Lease = 1 });

    [Fact]
    public void Two_edits_with_a_near_cache() => output.Holds(SiloAndClient.AndAnotherEdit());

    [Fact, Trait("Tier", "All")]
    public void Two_edits_a_sql_edit_and_entries_that_leave_memory() =>
        output.Holds(OneSilo.AndAnotherEdit().AndSql().AndReleases(2));

    [Fact]
    public void Entries_leave_memory_above_a_near_cache() => output.Holds(SiloAndClient.AndReleases(2));

    [Fact]
    public void An_edit_that_wants_what_sql_has_written() => output.Holds(SiloAndClient.AndSqlThatWritesTheSame() with { Lease = 1 });

    [Fact]
    public void Reads_are_shared() => output.Holds(OneSilo.AndSql().AndSharedReads());

    [Fact]
    public void A_commit_is_lost_or_lands_late_beside_another_edit() => output.Holds(OneSilo.AndAnotherEdit().AndALostCommit());

    [Fact]
    public void An_edit_with_a_near_cache_whose_renewals_are_late() => output.Holds(SiloAndClient with { LateClientRenewals = true });

    [Fact]
    public void A_revocation_is_sent_twice() => output.Holds(SiloAndClient with { RepeatedRevokes = 1 });

    [Fact]
    public void A_silo_crashes_above_a_near_cache() => output.Holds(SiloAndClient.AndACrashedSilo());

    [Fact]
    public void A_silo_leaves_in_order_above_a_near_cache() => output.Holds(SiloAndClient.AndAFarewell() with { Lease = 1 });

    [Fact]
    public void A_table_is_full_above_a_near_cache() => output.Holds(SiloAndClient.AndAFullTable() with { Lease = 1 });

    [Fact]
    public void The_feed_cannot_be_continued() => output.Holds(OneSilo.AndSql().AndABrokenFeed());

    [Fact]
    public void The_feed_cannot_be_continued_above_a_near_cache() => output.Holds(SiloAndClient.AndABrokenFeed());

    [Fact]
    public void A_clock_is_slow_within_the_allowance() => output.Holds(OneSilo.WithSlowClocks());

    [Fact, Trait("Tier", "All")]
    public void Clocks_are_slow_within_the_allowance() => output.Holds(SiloAndClient.WithSlowClocks());

    [Fact]
    public void Sql_edits_are_linearizable_too_while_no_entry_leaves_memory() =>
        output.Holds(TwoSilosAndClient.AndSql().ComparingLookups() with { Edits = 0, LateRenewals = 0 });

    [Fact]
    public void After_a_release_a_client_may_see_a_sql_edit_go_which_it_prevents_itself_G7() =>
        output.Breaks(Guarantee.Monotonic, new(), TwoSilos.AndSql().AndReleases(1).ComparingLookups() with { Edits = 0 });
}
