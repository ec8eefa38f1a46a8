using OrleansCache.Model.Rules;
using Xunit.Abstractions;
using static OrleansCache.Model.Configurations;

namespace OrleansCache.Model;

/// <summary>
/// Each rule of the protocol is needed: without it, some reachable state breaks a guarantee. The test prints a shortest path to it.
/// </summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    // Edits.

    [Fact]
    public void No_revocation_before_the_commit() => BreaksG1(new() { RevokeBeforeCommit = false }, OneSilo);

    [Fact]
    public void The_begin_of_an_edit_does_not_invalidate_reads_which_breaks_only_edits_without_a_commit() =>
        BreaksG1(new() { BeginVoidsReads = false }, OneSilo.AndSqlThatWritesTheSame());

    [Fact]
    public void Only_the_begin_of_an_edit_invalidates_reads_so_that_reads_during_its_wait_survive() =>
        BreaksG1(new() { CommitVoidsReads = false }, OneSilo);

    [Fact]
    public void An_edit_that_changes_nothing_is_answered_at_once() =>
        BreaksG1(new() { AnswerWithoutCommitIsAnEdit = false }, OneSilo.AndSqlThatWritesTheSame());

    [Fact]
    public void An_edit_that_changes_nothing_is_answered_by_an_owner_that_was_replaced() =>
        BreaksG1(new() { AnswerWithoutCommitChecksEpoch = false }, OneSilo.AndSqlThatWritesTheSame().AndARival());

    [Fact]
    public void What_is_lent_during_an_edit_has_no_end() => BreaksG1(new() { LentEntriesEnd = false }, OneSilo);

    [Fact]
    public void What_is_lent_during_an_edit_is_not_revoked() => BreaksG1(new() { LentEntriesAreRevoked = false }, SiloAndClient);

    [Fact]
    public void What_is_lent_during_an_edit_is_given_to_clients() => BreaksG1(new() { LentEntriesStayInTheSilo = false }, SiloAndClient);

    // Revocations.

    [Fact]
    public void A_silo_accepts_late_answers() => BreaksG1(new() { SiloDropsLateAnswers = false }, OneSilo);

    [Fact]
    public void A_client_accepts_late_answers() => BreaksG1(new() { ClientDropsLateAnswers = false }, SiloAndClient);

    [Fact]
    public void A_silo_acknowledges_before_its_clients_have() => BreaksG1(new() { ClientsAcknowledgeFirst = false }, SiloAndClient);

    [Fact]
    public void A_repeated_revocation_is_acknowledged_while_the_first_still_waits_for_a_client() =>
        BreaksG1(new() { RepeatedRevokeWaits = false }, SiloAndClient with { RepeatedRevokes = 1 });

    [Fact]
    public void A_crashed_silo_counts_as_having_acknowledged() =>
        BreaksG1(new() { OnlyTheHolderAcknowledges = false }, SiloAndClient.AndACrashedSilo());

    [Fact]
    public void A_silo_says_farewell_before_its_clients_have_given_up() =>
        BreaksG1(new() { FarewellWaitsForClients = false }, SiloAndClient.AndAFarewell());

    [Fact]
    public void An_edit_goes_on_while_a_registration_is_taken_back_for_want_of_memory() =>
        BreaksG1(new() { RecallIsARound = false }, OneSilo.AndAFullTable());

    [Fact]
    public void A_lapsed_holder_goes_on_with_what_it_had() => BreaksG1(new() { LapseRaisesGeneration = false }, OneSilo);

    [Fact]
    public void A_push_survives_another_revocation() => BreaksG1(new() { RevokeVoidsPush = false }, OneSilo.AndAnotherEdit());

    [Fact]
    public void A_push_survives_a_change_of_the_owner() =>
        BreaksG1(new() { PushNeedsItsGeneration = false }, OneSilo.AndAnotherEdit().AndARival());

    // Volume leases.

    [Fact]
    public void The_holder_counts_from_the_answer() => BreaksG1(new() { HolderCountsFromAsking = false }, OneSilo);

    [Fact]
    public void A_renewal_does_not_name_what_is_to_be_dropped() => BreaksG1(new() { RenewalNamesDrops = false }, OneSilo);

    [Fact]
    public void What_is_to_be_dropped_is_named_once() => BreaksG1(new() { DropsStayNamedUntilConfirmed = false }, OneSilo);

    [Fact]
    public void A_late_confirmation_counts_for_a_later_revocation() =>
        BreaksG1(new() { ConfirmationsAreNumbered = false }, OneSilo.AndAnotherEdit());

    [Fact]
    public void A_silo_accepts_answers_that_were_late_for_a_drop() => BreaksG1(new() { DropIsARevocation = false }, OneSilo);

    [Fact]
    public void An_answer_for_another_book_extends_the_lease_while_there_is_something_to_drop() =>
        BreaksG1(new() { AcquireExtendsOnlyWithoutDrops = false }, OneSilo);

    [Fact]
    public void A_silo_accepts_what_belongs_to_a_former_generation() =>
        BreaksG1(new() { FormerGenerationsAreRefused = false }, OneSilo.AndABrokenFeed());

    [Fact]
    public void A_later_generation_suspends_nothing() => BreaksG1(new() { LaterGenerationSuspends = false }, OneSilo);

    [Fact]
    public void A_lease_counts_from_its_grant_which_breaks_G2_with_sql_edits() =>
        output.Breaks(Guarantee.Bounded, new() { LeaseCountsFromAnchor = false }, OneSilo.AndSql());

    [Fact]
    public void A_lease_counts_from_its_grant_which_breaks_G1_with_two_owners() =>
        BreaksG1(new() { LeaseCountsFromAnchor = false }, OneSilo.AndARival());

    [Fact]
    public void No_allowance_for_drift() => BreaksG1(new() { DriftIsAllowedFor = false }, OneSilo.WithSlowClocks());

    // Grants.

    [Fact]
    public void What_an_owner_knows_without_a_read_is_used_without_a_lease() =>
        BreaksG1(new() { GrantFromKnowledgeNeedsLease = false }, OneSilo.AndARival() with { UnleasedAnswers = true });

    [Fact]
    public void A_shared_read_of_an_owner_that_was_replaced_is_used_without_a_lease() =>
        BreaksG1(new() { SharedReadNeedsLease = false }, OneSilo.AndARival().AndSharedReads());

    [Fact]
    public void A_read_that_finds_an_out_of_band_write_is_granted() =>
        output.Breaks(Guarantee.Bounded, new() { ReadFindsOutOfBandWrites = false }, OneSilo.AndSql());

    [Fact]
    public void A_caller_that_joins_a_load_does_not_check() => BreaksG1(new() { JoinerChecks = false }, OneSilo);

    [Fact]
    public void Check_and_answer_are_two_steps() => BreaksG1(new() { CheckAndAnswerInOneStep = false }, OneSilo);

    [Fact]
    public void Check_and_registration_of_a_client_are_two_steps() =>
        BreaksG1(new() { CheckAndRegisterInOneStep = false }, SiloAndClient);

    // Releases.

    [Fact]
    public void A_late_release_ends_a_later_registration() => BreaksG1(new() { ReleaseIsNumbered = false }, OneSilo.AndReleases(1));

    [Fact]
    public void A_late_release_ends_a_registration_by_a_commit() =>
        BreaksG1(new() { AcknowledgementNamesRelease = false }, OneSilo.AndReleases(2).AndAnotherEdit());

    [Fact]
    public void An_answer_survives_a_release() => BreaksG1(new() { ReleaseVoidsAnswers = false }, OneSilo.AndReleases(1));

    [Fact]
    public void A_silo_releases_what_its_client_has() => BreaksG1(new() { ReleaseWaitsForClients = false }, SiloAndClient.AndReleases(1));

    [Fact]
    public void A_silo_releases_what_it_is_revoking_at_its_client() =>
        BreaksG1(
            new() { ReleaseWaitsForRevocations = false },
            SiloAndClient.AndReleases(1).AndAnotherEdit().AndARival() with
            {
                Lease = 1, LateRenewals = 0, Lends = false, GrantsFromKnowledge = false,
            });

    // The change feed.

    [Fact]
    public void The_anchor_is_the_end_of_a_read_of_the_feed() => BreaksG2(new() { AnchorIsTheStartOfTheRead = false });

    [Fact]
    public void The_anchor_moves_before_the_changes_are_worked_off() => BreaksG2(new() { FeedIsWorkedOffFirst = false });

    [Fact]
    public void What_the_feed_finds_is_not_revoked() => BreaksG2(new() { FeedFindsOutOfBandWrites = false });

    [Fact]
    public void A_read_survives_the_feed() => BreaksG2(new() { FeedVoidsReads = false });

    [Fact]
    public void An_edit_grants_its_row_although_the_feed_has_a_newer_one() => BreaksG2(new() { FeedOvertakesEdits = false });

    [Fact]
    public void Edits_go_on_when_all_holders_lapse_because_the_feed_is_broken() =>
        BreaksG1(new() { BrokenFeedHoldsEdits = false }, OneSilo.AndABrokenFeed());

    // Epochs.

    [Fact]
    public void An_owner_that_was_replaced_commits() => BreaksG1(new() { EpochChecksCommit = false }, OneSilo.AndARival());

    [Fact]
    public void An_owner_that_was_replaced_reads_the_feed() => BreaksG1(new() { EpochChecksFeed = false }, OneSilo.AndARival());

    [Fact]
    public void A_silo_accepts_a_lower_epoch() => BreaksG1(new() { SiloRefusesLowerEpochs = false }, OneSilo.AndARival());

    [Fact]
    public void A_silo_that_starts_accepts_any_epoch() =>
        BreaksG1(new() { NewSiloLearnsEpochs = false }, OneSilo.AndARival().AndACrashedSilo());

    [Fact]
    public void A_new_owner_does_not_wait() => BreaksG1(new() { NewOwnerIsCautious = false }, OneSilo.AndANewOwner());

    [Fact]
    public void A_new_owner_waits_from_before_it_has_raised_the_epoch() =>
        BreaksG1(new() { NewOwnerWaitsFromTheRaise = false }, OneSilo.AndARival());

    [Fact]
    public void A_new_owner_relies_on_acknowledgements_although_a_silo_has_left() =>
        BreaksG1(new() { CountsSilosThatLeft = false }, SiloAndClient.AndANewOwner().AndACrashedSilo());

    [Fact]
    public void A_commit_of_unknown_outcome_may_land_at_any_time() =>
        BreaksG1(new() { UnknownOutcomeRaisesEpoch = false }, SiloAndClient.AndALostCommit().AndANewOwner());

    private void BreaksG1(ProtocolRules rules, Bounds bounds) => output.Breaks(Guarantee.Coherent, rules, bounds);

    private void BreaksG2(ProtocolRules rules) => output.Breaks(Guarantee.Bounded, rules, OneSilo.AndSql());
}
