using OrleansCache.Model.Rules;
using Xunit.Abstractions;

namespace OrleansCache.Model;

/// <summary>
/// Each rule of the protocol is needed: without it, some reachable state breaks a guarantee. The test prints a shortest path to it.
/// </summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    [Fact]
    public void No_revocation_before_the_commit() => BreaksG1(new() { RevokeBeforeCommit = false }, Configurations.OneEdit);

    [Fact]
    public void Reads_in_flight_are_not_invalidated() =>
        BreaksG1(new() { BeginVoidsReads = false, CommitVoidsReads = false }, Configurations.OneEdit with { LimitedMode = false });

    [Fact]
    public void Only_the_begin_of_an_edit_invalidates_reads_so_that_reads_of_limited_mode_survive() =>
        BreaksG1(new() { CommitVoidsReads = false }, Configurations.OneEdit);

    [Fact]
    public void A_new_owner_does_not_wait_for_its_predecessors_leases() =>
        BreaksG1(new() { NewOwnerIsCautious = false }, Configurations.OneEditAndOwnerCrash);

    [Fact]
    public void A_new_owner_relies_on_acknowledgements_although_a_silo_has_left() =>
        BreaksG1(new() { CountsSilosThatLeft = false }, Configurations.TwoCrashes);

    [Fact]
    public void A_silo_accepts_late_answers() => BreaksG1(new() { SiloDropsLateAnswers = false }, Configurations.OneEdit);

    [Fact]
    public void A_client_accepts_late_answers() => BreaksG1(new() { ClientDropsLateAnswers = false }, Configurations.OneEdit);

    [Fact]
    public void A_silo_acknowledges_before_its_clients_have() =>
        BreaksG1(new() { ClientsAcknowledgeFirst = false }, Configurations.OneEdit);

    [Fact]
    public void A_repeated_revocation_is_acknowledged_while_the_first_still_waits_for_a_client() =>
        BreaksG1(new() { RepeatedRevokeWaits = false }, Configurations.OneEdit with { RepeatedRevokes = 1 });

    [Fact]
    public void A_pushed_lease_counts_from_its_arrival() =>
        BreaksG1(new() { PushCountsFromRevoke = false }, Configurations.OneEdit with { Edits = 2 });

    [Fact]
    public void A_push_survives_another_revocation() =>
        BreaksG1(new() { RevokeVoidsPush = false }, Configurations.OneEdit with { Edits = 2 });

    [Fact]
    public void The_holder_counts_from_the_answer() => BreaksG1(new() { HolderCountsFromAsking = false }, Configurations.OneEdit);

    [Fact]
    public void The_owner_counts_from_the_end_of_a_shared_read_which_breaks_only_G2_and_only_with_sql_edits() =>
        output.Breaks(Guarantee.Bounded, new() { OwnerCountsFromRead = false }, Configurations.OneSqlEdit with { SharedFor = 1 });

    [Fact]
    public void An_out_of_band_write_is_no_edit_when_a_crashed_owners_commit_lands_late() =>
        BreaksG1(new() { OutOfBandWriteIsAnEdit = false }, Configurations.OneEditAndOwnerCrash);

    [Fact]
    public void An_out_of_band_write_is_no_edit_when_sql_wrote_it_which_breaks_only_the_order_of_sql_edits() =>
        BreaksG1(new() { OutOfBandWriteIsAnEdit = false }, Configurations.OneSqlEdit with { SqlIsLinearizable = true });

    [Fact]
    public void A_repeated_edit_is_answered_at_once_when_its_commit_landed_late() =>
        BreaksG1(new() { AnswerWithoutCommitIsAnEdit = false }, Configurations.OneEditAndOwnerCrash);

    [Fact]
    public void An_edit_that_changes_nothing_is_answered_at_once_which_breaks_only_with_sql_edits() =>
        BreaksG1(new() { AnswerWithoutCommitIsAnEdit = false }, Configurations.OneEdit with { SqlEdit = true, SqlWritesTheSame = true });

    [Fact]
    public void Acknowledgements_bring_the_commit_forward_although_a_limited_lease_was_granted() =>
        BreaksG1(new() { LimitedLeaseHoldsCommit = false }, Configurations.OneEdit);

    [Fact]
    public void A_crashed_silo_counts_as_having_acknowledged() =>
        BreaksG1(new() { OnlyTheHolderAcknowledges = false }, Configurations.OneEdit with { Crashes = 1, SiloCrashes = 1 });

    [Fact]
    public void A_caller_that_joins_a_load_does_not_check() => BreaksG1(new() { JoinerChecks = false }, Configurations.OneEdit);

    [Fact]
    public void Check_and_answer_are_two_steps() => BreaksG1(new() { CheckAndAnswerInOneStep = false }, Configurations.OneEdit);

    [Fact]
    public void Check_and_grant_to_a_client_are_two_steps() =>
        BreaksG1(new() { CheckAndRecordInOneStep = false }, Configurations.OneEdit);

    [Fact]
    public void No_allowance_for_drift() => BreaksG1(new() { DriftIsAllowedFor = false }, Configurations.SlowClocks);

    [Fact]
    public void The_begin_of_an_edit_need_not_invalidate_reads_if_the_commit_does() =>
        output.Holds(new() { BeginVoidsReads = false }, Configurations.OneEdit);

    [Fact]
    public void A_commit_of_unknown_outcome_is_not_fenced() =>
        BreaksG1(new() { IndeterminateWritesAreFenced = false }, Configurations.LostCommits with { Edits = 1 });

    private void BreaksG1(ProtocolRules rules, Bounds bounds) => output.Breaks(Guarantee.Coherent, rules, bounds);
}
