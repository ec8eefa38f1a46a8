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
            Step.OwnerComesUp => $"{owner} comes up and raises the epoch",
            Step.SiloCrashes => "europe's silo crashes, a new incarnation starts",
            Step.SiloSaysFarewell => "europe's silo says farewell, a new incarnation starts",
            Step.EditBegins => $"{edit} begins at {owner}",
            Step.EditRepeated => $"{edit} is repeated at {owner}",
            Step.EditFoundDone => $"{edit} reaches {owner}, which finds it done",
            Step.CommitLands => $"the catalog commits {edit}",
            Step.CommitRefused => $"the catalog refuses {edit}: {(move.Silo == 0 ? "a later epoch" : "the row has changed")}",
            Step.CommitLearned => $"{owner} learns of the commit and acknowledges {edit}",
            Step.OutcomeUnknown => $"{owner} abandons the commit of {edit}, its outcome unknown",
            Step.EpochRaised => $"{owner} raises its own epoch",
            Step.LateCommitLands => $"the late commit of {edit} lands",
            Step.FeedRead => $"{owner} reads the feed{(move.Silo == 0 ? "" : ": no changes")}",
            Step.FeedWorkedOff => $"{owner} has worked off the feed",
            Step.FeedBreaks => $"{owner} cannot continue the feed",
            Step.Recalled => $"{owner} has no room for what is registered",
            Step.RevokeArrives => $"{silo} is revoked by {owner}",
            Step.RevokeRepeated => $"{silo} is revoked once more by {owner}",
            Step.EndArrives => $"{silo} ends its volume lease for {owner}",
            Step.ReadBegins => $"{silo} asks, {owner} reads the catalog",
            Step.ReadShared => $"{silo} asks, {owner} shares a row that it read before",
            Step.Granted => $"{owner} registers {silo} and answers",
            Step.GrantedFromKnowledge => $"{silo} asks, {owner} registers it without a read",
            Step.Lent => $"{owner} lends {silo} the old row",
            Step.OutOfBandWriteFound => $"{owner} finds an out-of-band write, for {silo}",
            Step.AnswerArrives => $"{silo} gets its answer",
            Step.JoinerAnswers => $"a caller that joined {silo}'s load is answered",
            Step.RenewalAsked => $"{silo} asks {owner} for a renewal",
            Step.RenewalLost => $"{silo}'s renewal from {owner} is lost",
            Step.RenewalWithoutDrops => $"{silo} asks {owner} for another book",
            Step.RenewalArrives => $"{silo} gets its renewal",
            Step.ConfirmationArrives => $"{silo}'s confirmation of a drop reaches {owner}",
            Step.PushArrives => $"{silo} gets the new row from {owner}",
            Step.EntryLeaves => $"the entry leaves {silo}'s memory",
            Step.ReleaseArrives => $"{silo}'s release reaches {owner}",
            Step.ClientAsks => move.Whom == 0 ? "the client asks europe" : "europe registers the client and answers",
            Step.ClientAnswerArrives => "the client gets its answer",
            Step.ClientRenewalAsked => "the client asks for a renewal",
            Step.ClientRenews => "the client renews",
            Step.ClientRenewalLost => "the client's renewal is lost",
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
            if (world.Owners[index].Alive != 0)
                Describe(text, index == 0 ? "owner" : "second owner", world.Owners[index]);
        }
        for (var silo = 0; silo < 2; silo++)
        {
            ref readonly var at = ref world.Silos[silo];
            Describe(text, SiloNames[silo], at.Row, at.Volume, at.Load.Row, at.Load.Lease);
            text.Append(at.Own > 0 ? $" ending in {at.Own - 1}" : "");
            text.Append(at.Renewal.Lease.Number != 0 ? $", is renewed {Describe(at.Renewal.Lease)}" : "");
            text.Append(at.Renewal.Drop != Named.No ? " with a drop" : "");
            text.Append(at.Release != 0 ? ", has sent a release" : "");
        }
        Describe(text, "client", world.Client.Row, world.Client.Volume, world.Client.AnswerRow, world.Client.Answer);
        text.Append(world.Client.Renewal.Lease.Number != 0 ? $", is renewed {Describe(world.Client.Renewal.Lease)}" : "");
        text.Append(world.Client.Renewal.Drop != Named.No ? " with a drop" : "");
        return text.Append($"; must see {world.Floor}").ToString();
    }

    private static void Describe(StringBuilder text, string name, in Owner owner)
    {
        text.Append($"; {name}{(owner.Current == 0 ? " (replaced)" : "")} anchored {owner.AnchorAge} ago");
        text.Append(owner.SafeIn > 0 ? $", safe in {owner.SafeIn}" : "");
        text.Append(owner.Round == RoundPhase.Free ? "" : $", {owner.Round}".ToLowerInvariant());
        text.Append(owner.Identity != 0 ? $", identity {owner.Identity}" : "");
        for (var silo = 0; silo < 2; silo++)
        {
            ref readonly var holder = ref owner.Holders[silo];
            text.Append($" [{(holder.Registered != 0 ? "registered " : "")}{(holder.Drop != 0 ? "drop " : "")}#{holder.Number}");
            text.Append($" until {holder.Until}]");
        }
    }

    private static void Describe(StringBuilder text, string name, byte row, VolumeLease lease, byte answer, VolumeLease answered)
    {
        text.Append($"; {name} has {(row == 0 ? "nothing" : row)} {Describe(lease)}");
        text.Append(answer != 0 ? $", is sent {answer} {Describe(answered)}" : "");
    }

    private static string Describe(VolumeLease lease) => $"(#{lease.Number} for {lease.Left})";
}
