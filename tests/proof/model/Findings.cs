using OrleansCache.Model.Exploration;
using OrleansCache.Model.Rules;
using OrleansCache.Model.Steps;
using Xunit.Abstractions;

namespace OrleansCache.Model;

/// <summary>Assertions on an exploration. Its figures and its counterexample are written to the test's output.</summary>
internal static class Findings
{
    /// <summary>
    /// Asserts that the protocol breaks no guarantee within the bounds, and that every step that they allow happens and no other: an
    /// exploration in which too little happens must fail.
    /// </summary>
    public static void Holds(this ITestOutputHelper output, Bounds bounds)
    {
        var exploration = Exploration.Exploration.Of(new(), bounds);
        output.WriteLine(Story.Summary(exploration));
        Assert.True(exploration.Broken == Guarantee.None, exploration.Broken == Guarantee.None ? "" : Story.Tell(exploration));
        Assert.True(exploration.Complete, $"There are more than {exploration.States} states.");
        Assert.Equal(
            Enum.GetValues<Step>().Where(step => Happens(step, bounds)),
            Enum.GetValues<Step>().Where(step => exploration.Taken(step) > 0));
    }

    /// <summary>Asserts that the guarantee breaks, and that no other one breaks on a shorter path.</summary>
    public static void Breaks(this ITestOutputHelper output, Guarantee guarantee, ProtocolRules rules, Bounds bounds)
    {
        var exploration = Exploration.Exploration.Of(rules, bounds);
        output.WriteLine(Story.Summary(exploration));
        Assert.Equal(guarantee, exploration.Broken);
        output.WriteLine(Story.Tell(exploration));
    }

    private static bool Happens(Step step, Bounds bounds) => step switch
    {
        Step.SqlEditLands => bounds.SqlEdit,
        Step.OutOfBandWriteFound => bounds.SqlEdit || bounds is { Rivals: true, SharedFor: >= 0 },
        Step.OwnerComesUp or Step.EndArrives => bounds.OwnerChanges > 0,
        Step.SiloCrashes => bounds.SiloCrashes > 0,
        Step.SiloSaysFarewell => bounds.Farewells > 0,
        Step.Recalled => bounds.Recalls > 0,
        Step.EditBegins or Step.CommitLands or Step.CommitLearned or Step.PushArrives => bounds.Edits > 0,
        Step.Lent => bounds is { Edits: > 0, Lends: true },
        Step.CommitRefused => bounds.Edits > 0 && (bounds.SqlEdit || bounds.Rivals),
        Step.EditRepeated => bounds.Repeats > 0,
        Step.EditFoundDone => bounds.Repeats > 0 || bounds.SqlWritesTheSame,
        Step.OutcomeUnknown or Step.EpochRaised or Step.LateCommitLands => bounds.UnknownOutcomes > 0,
        Step.GrantedFromKnowledge => bounds.GrantsFromKnowledge,
        Step.FeedBreaks => bounds.FeedBreaks > 0,
        Step.RevokeRepeated => bounds.RepeatedRevokes > 0,
        Step.ReadShared => bounds.SharedFor >= 0,
        Step.EntryLeaves or Step.ReleaseArrives => bounds.Releases > 0,
        Step.RenewalArrives => bounds.LateRenewals > 0,
        Step.RenewalLost => bounds.LateRenewals < (bounds.TwoSilos ? 2 : 1),
        Step.ClientAsks or Step.ClientAnswerArrives or Step.ClientRenews or Step.ClientRevokeArrives => bounds.NearCache,
        Step.ClientRenewalAsked => bounds is { NearCache: true, LateClientRenewals: true },
        Step.ClientRenewalLost => bounds is { NearCache: true, LateClientRenewals: false },
        // Only without a rule.
        Step.JoinerAnswers or Step.RenewalWithoutDrops or Step.ConfirmationArrives => false,
        _ => true,
    };
}
