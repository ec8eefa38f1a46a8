using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    private void EditsBegin(in World now, Moves moves, int owner)
    {
        if (now.Owners[owner].Round != RoundPhase.Free)
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
            if (now.Owners[owner].SafeIn > 0 && (rules.AnswerWithoutCommitIsAnEdit || !IsDone(now, edit)))
                continue;
            ref var next = ref moves.Next(now);
            if (repeated)
                next.Repeats++;
            next.Edits[edit].Status = EditStatus.UnderWay;
            if (rules.BeginVoidsReads)
                InvalidateReads(ref next, owner);
            var done = IsDone(now, edit);
            Decide(ref next, owner, edit);
            Keep(moves, Move.Of(done ? Step.EditFoundDone : repeated ? Step.EditRepeated : Step.EditBegins, 0, owner, edit));
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
            StartRevoking(ref owner, rules.RevokeBeforeCommit);
            return;
        }
        if (world.Edits[edit].Row == 0)
            world.Edits[edit].Row = world.Catalog.Row;
        owner.RoundRow = 0;
        if (owner.RecordUntil > 0 && owner.RecordIdentity != world.Catalog.Row && rules.AnswerWithoutCommitIsAnEdit)
        {
            owner.Settles = 1;
            StartRevoking(ref owner, ask: true);
            return;
        }
        Acknowledge(ref world, edit);
        owner.Round = RoundPhase.Free;
        owner.Revokes = default;
        owner.RoundEdit = owner.VoidTokens = 0;
    }

    private void EditsGoOn(in World now, Moves moves, int index)
    {
        ref readonly var owner = ref now.Owners[index];
        var edit = owner.RoundEdit - 1;
        if (owner.Round == RoundPhase.Committing)
        {
            ref var next = ref moves.Next(now);
            if (now.Catalog.Row == owner.RoundRow)
            {
                next.Edits[edit].Row = Write(ref next.Catalog);
                next.Owners[index].Round = RoundPhase.Committed;
                Keep(moves, Move.Of(Step.CommitLands, 0, index, edit));
            }
            else
            {
                next.Owners[index].Revokes = default;
                Decide(ref next, index, edit);
                Keep(moves, Move.Of(Step.CommitRefused, 0, index, edit));
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
            next.Owners[index].Revokes = default;
            next.Owners[index].RoundEdit = next.Owners[index].RoundRow = next.Owners[index].VoidTokens = 0;
            next.Owners[index].Round = rules.IndeterminateWritesAreFenced ? RoundPhase.Indeterminate : RoundPhase.Free;
            Keep(moves, Move.Of(Step.OutcomeUnknown, 0, index, edit));
        }
        if (owner.Round == RoundPhase.Indeterminate)
        {
            ref var next = ref moves.Next(now);
            Write(ref next.Catalog);
            next.Owners[index].Round = RoundPhase.Free;
            Keep(moves, Move.Of(Step.FenceLands, 0, index));
        }
    }

    /// <summary>The author is told that the outcome is unknown, and the commit is abandoned.</summary>
    private static void LeaveCommit(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        if (owner.RoundEdit == 0)
            return;
        ref var edit = ref world.Edits[owner.RoundEdit - 1];
        edit.Status = EditStatus.Unknown;
        if (owner.Round == RoundPhase.Committing)
            edit.LateCommitOn = owner.RoundRow;
    }

    /// <summary>All leases are revoked: the round can commit, or end.</summary>
    private void GoThroughGate(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        owner.RecordUntil = owner.RecordIdentity = owner.RecordHolders = owner.LostHolder = owner.Limited = 0;
        if (owner.RoundEdit == 0 || owner.Settles != 0)
        {
            if (owner.RoundEdit != 0)
                Acknowledge(ref world, owner.RoundEdit - 1);
            owner.Round = RoundPhase.Free;
            owner.RoundEdit = owner.Settles = owner.VoidTokens = 0;
            owner.Revokes = default;
            return;
        }
        owner.Round = RoundPhase.Committing;
        for (var silo = 0; silo < 2; silo++)
        {
            if (owner.Revokes[silo] != Asked.Acknowledged)
                owner.Revokes[silo] = Asked.No;
        }
        if (rules.CommitVoidsReads)
            InvalidateReads(ref world, index);
    }

    /// <summary>Steps 5 to 7 of an edit: record, acknowledge, push.</summary>
    private void Publish(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        var edit = owner.RoundEdit - 1;
        Acknowledge(ref world, edit);
        for (var silo = 0; silo < 2; silo++)
        {
            if (owner.Revokes[silo] != Asked.Acknowledged)
                continue;
            owner.RecordHolders |= (byte)(1 << silo);
            owner.RecordUntil = (byte)_lease;
            owner.RecordIdentity = world.Edits[edit].Row;
            if ((owner.VoidTokens >> silo & 1) == 0)
                world.Silos[silo].Pushes[index] = world.Edits[edit].Row;
        }
        owner.Revokes = default;
        owner.Round = RoundPhase.Free;
        owner.RoundEdit = owner.RoundRow = owner.VoidTokens = 0;
    }

    private void Acknowledge(ref World world, int edit)
    {
        ref var done = ref world.Edits[edit];
        done.Status = EditStatus.Acknowledged;
        if (bounds.Rivals)
            done.Age = 1;
        else
            world.Floor = Math.Max(world.Floor, done.Row);
    }
}
