using OrleansCache.Model.Rules;
using Xunit.Abstractions;
using static OrleansCache.Model.Steps.Step;

namespace OrleansCache.Model;

/// <summary>With two owners of the slot at once, no reachable state breaks G2.</summary>
public sealed class TwoOwnerTests(ITestOutputHelper output)
{
    [Fact, Trait("Tier", "All")]
    public void An_edit_with_a_near_cache() =>
        output.Holds(
            new(), Configurations.TwoOwners,
            SqlEditLands, OwnerCrashes, SiloCrashes, EditRepeated, EditFoundDone, CommitRefused, OutcomeUnknown, LateCommitLands,
            FenceLands, RevokeRepeated, ReadShared, JoinerAnswers);

    [Fact]
    public void An_edit_and_a_sql_edit_under_the_shortest_leases() =>
        output.Holds(
            new(), Configurations.TwoOwnersAndSql with { Lease = 1 },
            OwnerCrashes, SiloCrashes, EditRepeated, EditFoundDone, OutcomeUnknown, LateCommitLands, FenceLands, RevokeRepeated,
            ReadShared, JoinerAnswers, ClientAsks, ClientAnswerArrives, ClientRevokeArrives);

    [Fact, Trait("Tier", "All")]
    public void An_edit_and_a_sql_edit() =>
        output.Holds(
            new(), Configurations.TwoOwnersAndSql,
            OwnerCrashes, SiloCrashes, EditRepeated, EditFoundDone, OutcomeUnknown, LateCommitLands, FenceLands, RevokeRepeated,
            ReadShared, JoinerAnswers, ClientAsks, ClientAnswerArrives, ClientRevokeArrives);

    [Fact]
    public void The_owners_alone_do_not_keep_a_client_from_going_back_G7() =>
        output.Breaks(Guarantee.Monotonic, new(), Configurations.TwoOwners with { FollowClient = true });
}
