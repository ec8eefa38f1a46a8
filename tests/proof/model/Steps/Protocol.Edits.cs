using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    private void EditsBegin(in World now, Moves moves, int index)
    {
        ref readonly var owner = ref now.Owners[index];
        if (owner.Round != RoundPhase.Free)
            return;
        for (var edit = 0; edit < bounds.Edits; edit++)
        {
            var status = now.Edits[edit].Status;
            var repeated = status == EditStatus.Unknown && now.Repeats < bounds.Repeats;
            // The edits are interchangeable until the first has begun, so the second one never begins first, unless it is the one that SQL
            // anticipates.
            var mayBegin = status == EditStatus.NotBegun
                && (edit == 0 || now.Edits[0].Status != EditStatus.NotBegun || bounds.SqlWritesTheSame);
            if (!repeated && !mayBegin)
                continue;
            var done = IsDone(now, edit);
            if (owner.SafeIn > 0 && (rules.AnswerWithoutCommitIsAnEdit || !done))
                continue;
            if (done && owner.Current == 0 && rules.AnswerWithoutCommitChecksEpoch)
                continue;
            ref var next = ref moves.Next(now);
            if (repeated)
                next.Repeats++;
            next.Edits[edit].Status = EditStatus.UnderWay;
            if (rules.BeginVoidsReads)
                InvalidateReads(ref next, index);
            Decide(ref next, index, edit);
            Keep(moves, Move.Of(done ? Step.EditFoundDone : repeated ? Step.EditRepeated : Step.EditBegins, 0, index, edit));
        }
    }

    /// <summary>The edit is already in the catalog, or would change nothing.</summary>
    private bool IsDone(in World now, int edit) =>
        now.Edits[edit].Row != 0 || bounds.SqlWritesTheSame && edit == bounds.Edits - 1 && now.Catalog.Row == now.Catalog.SqlRow;

    /// <summary>Step 2 of an edit: reads the row and decides what is left to do.</summary>
    private void Decide(ref World world, int index, int edit)
    {
        ref var owner = ref world.Owners[index];
        owner.RoundEdit = (byte)(edit + 1);
        owner.RoundRow = world.Catalog.Row;
        if (!IsDone(world, edit))
        {
            StartRevoking(ref world, index, rules.RevokeBeforeCommit);
            return;
        }
        if (world.Edits[edit].Row == 0)
            world.Edits[edit].Row = world.Catalog.Row;
        owner.RoundRow = 0;
        if (owner.Identity != 0 && owner.Identity != world.Catalog.Row && rules.AnswerWithoutCommitIsAnEdit)
        {
            owner.Settles = 1;
            StartRevoking(ref world, index, ask: true);
            return;
        }
        Acknowledge(ref world, edit);
        EndRound(ref owner);
    }

    private void EditsGoOn(in World now, Moves moves, int index)
    {
        ref readonly var owner = ref now.Owners[index];
        var edit = owner.RoundEdit - 1;
        if (owner.Round == RoundPhase.Committing)
        {
            ref var next = ref moves.Next(now);
            if (owner.Current == 0 && rules.EpochChecksCommit)
            {
                // The author is sent to the successor.
                next.Edits[edit].Status = EditStatus.NotBegun;
                End(ref next, index);
                Keep(moves, Move.Of(Step.CommitRefused, 0, index, edit));
            }
            else if (now.Catalog.Row == owner.RoundRow)
            {
                next.Edits[edit].Row = Write(ref next);
                next.Owners[index].Round = RoundPhase.Committed;
                Keep(moves, Move.Of(Step.CommitLands, 0, index, edit));
            }
            else
            {
                Decide(ref next, index, edit);
                Keep(moves, Move.Of(Step.CommitRefused, 1, index, edit));
            }
        }
        if (owner.Round == RoundPhase.Committed)
        {
            ref var next = ref moves.Next(now);
            Publish(ref next, index);
            Keep(moves, Move.Of(Step.CommitLearned, 0, index, edit));
        }
        if (owner.Round is RoundPhase.Committing or RoundPhase.Committed && now.UnknownOutcomes < bounds.UnknownOutcomes
            && now.Edits[edit].LateCommitOn == 0)
        {
            ref var next = ref moves.Next(now);
            next.UnknownOutcomes++;
            LeaveCommit(ref next, index);
            EndRound(ref next.Owners[index]);
            if (rules.UnknownOutcomeRaisesEpoch)
                next.Owners[index].Round = RoundPhase.Indeterminate;
            Keep(moves, Move.Of(Step.OutcomeUnknown, 0, index, edit));
        }
        if (owner.Round == RoundPhase.Indeterminate)
        {
            ref var next = ref moves.Next(now);
            if (owner.Current == 0)
                End(ref next, index);
            else
                RefuseLateCommits(ref next);
            next.Owners[index].Round = RoundPhase.Free;
            Keep(moves, Move.Of(Step.EpochRaised, 0, index));
        }
    }

    /// <summary>The author is told that the outcome is unknown, and the commit is abandoned.</summary>
    private void LeaveCommit(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        if (owner.RoundEdit == 0)
            return;
        ref var edit = ref world.Edits[owner.RoundEdit - 1];
        edit.Status = EditStatus.Unknown;
        if (owner.Round == RoundPhase.Committing && (owner.Current != 0 || !rules.EpochChecksCommit))
            edit.LateCommitOn = owner.RoundRow;
    }

    /// <summary>The slot's epoch is raised: commits on their way under the one before fail.</summary>
    private void RefuseLateCommits(ref World world)
    {
        if (rules.EpochChecksCommit)
            world.Edits[0].LateCommitOn = world.Edits[1].LateCommitOn = 0;
    }

    /// <summary>Everybody has given up the old row: the round can commit, or end.</summary>
    private void GoThroughGate(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        owner.Identity = owner.LostUntil = owner.SecondPass = 0;
        owner.Lent = default;
        if (owner.RoundEdit == 0 || owner.Settles != 0)
        {
            if (owner.RoundEdit != 0)
                Acknowledge(ref world, owner.RoundEdit - 1);
            EndRound(ref owner);
            return;
        }
        owner.Round = RoundPhase.Committing;
        if (rules.CommitVoidsReads)
            InvalidateReads(ref world, index);
    }

    /// <summary>Steps 5 and 6 of an edit: register, acknowledge, push.</summary>
    private void Publish(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        var edit = owner.RoundEdit - 1;
        Acknowledge(ref world, edit);
        for (var silo = 0; silo < 2; silo++)
        {
            if (owner.Revokes[silo] != Asked.Acknowledged || owner.Overtaken != 0 && rules.FeedOvertakesEdits)
                continue;
            ref var at = ref world.Silos[silo];
            owner.Identity = world.Edits[edit].Row;
            owner.Holders[silo].Registered = 1;
            if ((owner.VoidTokens >> silo & 1) != 0)
                continue;
            at.Pushes[index] = new Push { Row = world.Edits[edit].Row, Number = owner.Holders[silo].Number };
            if (rules.AcknowledgementNamesRelease && at.Release == index + 1)
                at.Release = 0;
        }
        EndRound(ref owner);
    }

    private static void EndRound(ref Owner owner)
    {
        owner.Round = RoundPhase.Free;
        owner.RoundEdit = owner.RoundRow = owner.Settles = owner.VoidTokens = owner.Overtaken = 0;
        owner.Revokes = default;
    }

    private static void Acknowledge(ref World world, int edit)
    {
        ref var done = ref world.Edits[edit];
        done.Status = EditStatus.Acknowledged;
        world.Floor = Math.Max(world.Floor, done.Row);
    }
}
