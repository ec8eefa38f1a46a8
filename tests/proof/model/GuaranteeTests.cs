using Xunit.Abstractions;
using static OrleansCache.Model.Steps.Step;

namespace OrleansCache.Model;

/// <summary>
/// No state that the protocol can reach with one owner at a time breaks G1 or G2. The largest explorations run with <c>./test --all</c>.
/// </summary>
public sealed class GuaranteeTests(ITestOutputHelper output)
{
    [Fact]
    public void An_edit_and_a_sql_edit_in_two_regions_with_a_near_cache() =>
        output.Holds(
            new(), Configurations.Everything with { Edits = 1, Crashes = 0 },
            OwnerCrashes, SiloCrashes, LateCommitLands, DropArrives, RivalComesUp, EditRepeated, EditFoundDone,
            OutcomeUnknown, FenceLands, RevokeRepeated, JoinerAnswers);

    [Fact, Trait("Tier", "All")]
    public void An_edit_a_sql_edit_and_a_crash_in_two_regions_with_a_near_cache() =>
        output.Holds(
            new(), Configurations.Everything with { Edits = 1 },
            RivalComesUp, EditRepeated, EditFoundDone,
            OutcomeUnknown, FenceLands, RevokeRepeated, JoinerAnswers);

    [Fact, Trait("Tier", "All")]
    public void Two_edits_a_sql_edit_and_a_crash_in_two_regions_with_a_near_cache() =>
        output.Holds(
            new(), Configurations.Everything,
            RivalComesUp, EditRepeated, EditFoundDone,
            OutcomeUnknown, FenceLands, RevokeRepeated, JoinerAnswers);

    [Fact]
    public void A_commit_that_is_lost_lands_late_and_is_repeated_under_the_shortest_leases() =>
        output.Holds(
            new(), Configurations.LostCommits with { Lease = 1, Edits = 1 },
            SqlEditLands, SiloCrashes, RivalComesUp, RevokeRepeated, ReadShared, JoinerAnswers);

    [Fact, Trait("Tier", "All")]
    public void Commits_that_are_lost_land_late_and_are_repeated() =>
        output.Holds(
            new(), Configurations.LostCommits,
            SqlEditLands, SiloCrashes, RivalComesUp, RevokeRepeated, ReadShared, JoinerAnswers);

    [Fact]
    public void An_edit_that_wants_what_sql_has_written() =>
        output.Holds(
            new(), Configurations.NothingToChange,
            SiloCrashes, RivalComesUp, EditRepeated, OutcomeUnknown, FenceLands, RevokeRepeated, ReadShared, JoinerAnswers);

    [Fact]
    public void A_revocation_that_is_sent_twice() =>
        output.Holds(
            new(), Configurations.FinerTime with { Lease = 2 },
            OwnerCrashes, SiloCrashes, RivalComesUp, EditRepeated, EditFoundDone,
            OutcomeUnknown, LateCommitLands, FenceLands,
            DropArrives, JoinerAnswers);

    [Fact, Trait("Tier", "All")]
    public void Time_in_more_detail() =>
        output.Holds(
            new(), Configurations.FinerTime,
            OwnerCrashes, SiloCrashes, RivalComesUp, EditRepeated, EditFoundDone,
            OutcomeUnknown, LateCommitLands, FenceLands,
            DropArrives, JoinerAnswers);

    [Fact]
    public void A_clock_that_is_slow_within_the_allowance() =>
        output.Holds(
            new(), Configurations.SlowClocks with { SlowClocks = 4 },
            SqlEditLands, OwnerCrashes, SiloCrashes, RivalComesUp, EditRepeated, EditFoundDone, CommitRefused, OutcomeUnknown,
            LateCommitLands, FenceLands, RevokeRepeated, DropArrives, ReadShared, OutOfBandWriteFound, JoinerAnswers);

    [Fact, Trait("Tier", "All")]
    public void Clocks_that_are_slow_within_the_allowance() =>
        output.Holds(
            new(), Configurations.SlowClocks,
            SqlEditLands, OwnerCrashes, SiloCrashes, RivalComesUp, EditRepeated, EditFoundDone, CommitRefused, OutcomeUnknown,
            LateCommitLands, FenceLands, RevokeRepeated, DropArrives, ReadShared, OutOfBandWriteFound, JoinerAnswers);

    [Fact]
    public void A_crash_of_the_owner_and_of_a_silo_under_the_shortest_leases() =>
        output.Holds(
            new(), Configurations.TwoCrashes with { Lease = 1 },
            SqlEditLands, RivalComesUp, EditRepeated, EditFoundDone, CommitRefused, OutcomeUnknown, FenceLands,
            RevokeRepeated, ReadShared, JoinerAnswers);

    [Fact, Trait("Tier", "All")]
    public void A_crash_of_the_owner_and_of_a_silo() =>
        output.Holds(
            new(), Configurations.TwoCrashes,
            SqlEditLands, RivalComesUp, EditRepeated, EditFoundDone, CommitRefused, OutcomeUnknown, FenceLands,
            RevokeRepeated, ReadShared, JoinerAnswers);

    [Fact]
    public void While_the_owner_lives_sql_edits_are_linearizable_too_and_no_client_goes_back() =>
        output.Holds(
            new(), Configurations.SqlAndSiloCrash,
            OwnerCrashes, RivalComesUp, EditBegins, EditRepeated, EditFoundDone, CommitLands, CommitRefused, CommitLearned,
            OutcomeUnknown, LateCommitLands, FenceLands, RevokeRepeated, DropArrives, ReadShared, LimitedLeaseGranted,
            JoinerAnswers, PushArrives);
}
