using System.Text;
using OrleansCache.Model.Rules;
using OrleansCache.Model.State;
using OrleansCache.Model.Steps;

namespace OrleansCache.Model.Exploration;

/// <summary>Describes a counterexample: the moves, and the state of every process after each.</summary>
internal static class Story
{
    private static readonly string[] SiloNames = ["europe", "asia"];

    public static string Summary(Exploration exploration) =>
        $"{exploration.States} states, {exploration.Transitions} transitions, {exploration.ProcessorTime.TotalSeconds:F1} s of processor "
        + $"time, {exploration.Took.TotalSeconds:F1} s"
        + (exploration.Broken == Guarantee.None ? "" : $", broken in {exploration.Trace().Count} steps");

    public static string Tell(Exploration exploration)
    {
        var story = new StringBuilder();
        var number = 0;
        foreach (var (move, world) in exploration.Trace())
            story.AppendLine($"{++number,3}. {Sentence(move),-62} | {Describe(world)}");
        story.AppendLine(exploration.Broken switch
        {
            Guarantee.Coherent => "     G1: a lookup that starts now does not see what was acknowledged or seen before.",
            Guarantee.Bounded => "     G2: a lookup that starts now is answered with a row that was replaced more than one lease ago.",
            Guarantee.Monotonic => "     G7: the client sees the book go back.",
            _ => "     nothing is broken",
        });
        return story.ToString();
    }

    private static string Sentence(Move move)
    {
        var silo = SiloNames[move.Silo];
        var owner = move.Owner == 0 ? "the owner" : "the second owner";
        var edit = $"edit {move.Edit + 1}";
        return move.Step switch
        {
            Step.Tick => move.Whom == 0 ? "a tick passes" : $"a tick passes, slow: {Slow(move.Whom)}",
            Step.SqlEditLands => "plain SQL edits the row",
            Step.OwnerCrashes => "the owner crashes, its successor is activated",
            Step.SiloCrashes => "europe's silo crashes, a new incarnation starts",
            Step.RivalComesUp => "a second owner is activated beside the first",
            Step.EditBegins => $"{edit} begins at {owner}",
            Step.EditRepeated => $"{edit} is repeated at {owner}",
            Step.EditFoundDone => $"{edit} reaches {owner}, which finds it done",
            Step.CommitLands => $"the catalog commits {edit}",
            Step.CommitRefused => $"the catalog refuses {edit}: the row has changed",
            Step.CommitLearned => $"{owner} learns of the commit and acknowledges {edit}",
            Step.OutcomeUnknown => $"{owner} abandons the commit of {edit}, its outcome unknown",
            Step.LateCommitLands => $"the late commit of {edit} lands",
            Step.FenceLands => $"{owner} fences the row",
            Step.RevokeArrives => $"{silo} is revoked by {owner}",
            Step.RevokeRepeated => $"{silo} is revoked once more by {owner}",
            Step.RevokeAcknowledged => $"{owner} has {silo}'s acknowledgement",
            Step.DropArrives => $"{silo} drops its leases for {owner}",
            Step.ReadBegins => $"{silo} asks, {owner} reads the catalog",
            Step.ReadShared => $"{silo} asks, {owner} shares a row that it read before",
            Step.LeaseGranted => $"{owner} grants {silo} a lease",
            Step.LimitedLeaseGranted => $"{owner} grants {silo} a limited lease",
            Step.OutOfBandWriteFound => $"{owner} finds an out-of-band write, for {silo}",
            Step.AnswerArrives => $"{silo} gets its answer",
            Step.AnswerLost => $"{silo}'s answer is lost",
            Step.JoinerAnswers => $"a caller that joined {silo}'s load is answered",
            Step.PushArrives => $"{silo} gets the new row from {owner}",
            Step.ClientAsks =>
                move.Whom == 0 ? "the client asks europe and is granted a lease" : "europe records the lease and answers",
            Step.ClientAnswerArrives => "the client gets its answer",
            Step.ClientRevokeArrives => "the client is revoked and acknowledges",
            _ => move.Step.ToString(),
        };
    }

    private static string Slow(int clocks) =>
        string.Join(", ", new[] { "europe", "asia", "client" }.Where((_, bit) => (clocks >> bit & 1) != 0));

    private static string Describe(in World world)
    {
        var text = new StringBuilder($"catalog {world.Catalog.Row}");
        for (var index = 0; index < 2; index++)
        {
            ref readonly var owner = ref world.Owners[index];
            if (owner.Alive == 0)
                continue;
            text.Append(index == 0 ? "; owner" : "; second owner");
            text.Append(owner.SafeIn > 0 ? $" (safe in {owner.SafeIn})" : "");
            text.Append(owner.Round == RoundPhase.Free ? "" : $" {owner.Round}".ToLowerInvariant());
            text.Append(owner.RecordUntil > 0 ? $" granted {owner.RecordIdentity} for {owner.RecordUntil}" : " granted nothing");
        }
        for (var silo = 0; silo < 2; silo++)
        {
            ref readonly var at = ref world.Silos[silo];
            text.Append(at.Lease > 0 ? $"; {SiloNames[silo]} has {at.Row} for {at.Lease}" : "");
            text.Append(at.Load.Phase != LoadPhase.None ? $"; {SiloNames[silo]} loads {at.Load.Row}" : "");
        }
        text.Append(world.Client.Lease > 0 ? $"; client has {world.Client.Row} for {world.Client.Lease}" : "");
        text.Append(world.Client.AnswerRow > 0 ? $"; client is sent {world.Client.AnswerRow}" : "");
        return text.Append($"; must see {world.Floor}").ToString();
    }
}
