using OrleansCache.Model.Rules;
using Xunit.Abstractions;
using static OrleansCache.Model.Configurations;

namespace OrleansCache.Model;

/// <summary>
/// No reachable state breaks a guarantee when a new owner takes the place of one that has crashed, or that was paused and comes back.
/// </summary>
public sealed class OwnerTests(ITestOutputHelper output)
{
    [Fact]
    public void A_new_owner_of_a_silo_and_a_client() => output.Holds(SiloAndClient.AndANewOwner());

    [Fact, Trait("Tier", "All")]
    public void A_new_owner_of_two_regions_with_a_near_cache() => output.Holds(TwoSilosAndClient.AndANewOwner() with { LateRenewals = 0 });

    [Fact]
    public void A_new_owner_and_a_crashed_silo_above_a_near_cache() =>
        output.Holds(SiloAndClient.AndANewOwner().AndACrashedSilo() with { Lease = 1 });

    [Fact]
    public void A_new_owner_after_a_commit_that_is_lost_or_lands_late() =>
        output.Holds(SiloAndClient.AndALostCommit().AndANewOwner() with { Lease = 1 });

    [Fact]
    public void A_rival() => output.Holds(OneSilo.AndARival());

    [Fact]
    public void A_rival_above_a_near_cache_under_the_shortest_leases() =>
        output.Holds(SiloAndClient.AndARival() with { Lease = 1, FollowClient = true });

    [Fact]
    public void A_rival_above_a_near_cache_whose_renewals_are_late() =>
        output.Holds(SiloAndClient.AndARival() with { Lease = 1, LateClientRenewals = true });

    [Fact, Trait("Tier", "All")]
    public void A_rival_above_a_near_cache() => output.Holds(SiloAndClient.AndARival());

    [Fact, Trait("Tier", "All")]
    public void A_rival_in_two_regions() => output.Holds(TwoSilos.AndARival());

    [Fact]
    public void A_rival_while_a_silo_leaves_in_order() => output.Holds(SiloAndClient.AndARival().AndAFarewell() with { Lease = 1 });

    [Fact]
    public void The_feed_of_a_new_owner_cannot_be_continued() =>
        output.Holds(SiloAndClient.AndARival().AndABrokenFeed() with { Lease = 1, LateRenewals = 0 });

    [Fact]
    public void Two_rivals_one_after_the_other() => output.Holds(SiloAndClient.AndARival() with { OwnerChanges = 2, Lease = 1 });

    [Fact]
    public void Two_edits_and_an_entry_that_leaves_memory_above_a_near_cache_at_two_owners() =>
        output.Holds(
            SiloAndClient.AndReleases(1).AndAnotherEdit().AndARival() with
            {
                Lease = 1, LateRenewals = 0, Lends = false, GrantsFromKnowledge = false,
            });

    [Fact]
    public void Two_edits_at_two_owners() => output.Holds(OneSilo.AndAnotherEdit().AndARival() with { Lease = 1 });

    [Fact, Trait("Tier", "All")]
    public void Two_edits_at_two_owners_in_two_regions() =>
        output.Holds(TwoSilos.AndAnotherEdit().AndARival() with { LateRenewals = 0 });

    [Fact, Trait("Tier", "All")]
    public void A_sql_edit_at_two_owners_in_two_regions() =>
        output.Holds(TwoSilos.AndSql().AndARival() with { Edits = 0, LateRenewals = 0 });

    [Fact, Trait("Tier", "All")]
    public void An_edit_a_sql_edit_and_an_entry_that_leaves_memory_at_two_owners() =>
        output.Holds(OneSilo.AndSql().AndReleases(1).AndARival() with { Lease = 1 });

    [Fact, Trait("Tier", "All")]
    public void An_edit_a_sql_edit_and_an_entry_that_leaves_memory_above_a_near_cache_at_two_owners() =>
        output.Holds(SiloAndClient.AndSql().AndReleases(1).AndARival() with { Lease = 1 });

    [Fact]
    public void A_commit_is_lost_or_lands_late_at_two_owners() => output.Holds(OneSilo.AndALostCommit().AndARival() with { Lease = 1 });

    [Fact]
    public void An_edit_that_wants_what_sql_has_written_at_two_owners() =>
        output.Holds(OneSilo.AndSqlThatWritesTheSame().AndARival() with { Lease = 1 });

    [Fact]
    public void Reads_are_shared_at_two_owners() => output.Holds(OneSilo.AndARival().AndSharedReads());

    [Fact]
    public void A_silo_starts_while_there_are_two_owners() => output.Holds(OneSilo.AndARival().AndACrashedSilo());

    [Fact]
    public void After_a_change_of_the_owner_a_client_may_see_a_sql_edit_go_which_it_prevents_itself_G7() =>
        output.Breaks(Guarantee.Monotonic, new(), SiloAndClient.AndSql().AndANewOwner() with { Edits = 0, FollowClient = true });
}
