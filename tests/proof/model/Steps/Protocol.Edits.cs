using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    private void EditsBegin(in World now, Moves moves, int owner)
    {
        if (now.Owners[owner].Gate != Gate.Free)
            return;
        for (var edit = 0; edit < bounds.Edits; edit++)
        {
            var status = now.Edits[edit].Status;
            var repeated = status == EditStatus.Unknown && now.Repeats < bounds.Repeats;
            // The edits are alike until the first has begun, so the second one never goes first, unless it is the one that SQL forestalls.
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

    /// <summary>The edit is in the catalog already, or would change nothing.</summary>
    private bool IsDone(in World now, int edit) =>
        now.Edits[edit].Row != 0 || bounds.SqlWritesTheSame && edit == bounds.Edits - 1 && now.Catalog.Row == now.Catalog.SqlRow;

    /// <summary>Step 2 of an edit: the row is read, and with it what is left to do.</summary>
    private void Decide(ref World world, int index, int edit)
    {
        ref var owner = ref world.Owners[index];
        owner.GateEdit = (byte)(edit + 1);
        owner.GateRow = world.Catalog.Row;
        if (!IsDone(world, edit))
        {
            StartRevoking(ref owner, rules.RevokeBeforeCommit);
            return;
        }
        if (world.Edits[edit].Row == 0)
            world.Edits[edit].Row = world.Catalog.Row;
        owner.GateRow = 0;
        if (owner.RecordUntil > 0 && owner.RecordIdentity != world.Catalog.Row && rules.AnswerWithoutCommitIsAnEdit)
        {
            owner.Settles = 1;
            StartRevoking(ref owner, ask: true);
            return;
        }
        Acknowledge(ref world, edit);
        owner.Gate = Gate.Free;
        owner.Revokes = default;
        owner.GateEdit = owner.VoidTokens = 0;
    }

    private void EditsGoOn(in World now, Moves moves, int index)
    {
        ref readonly var owner = ref now.Owners[index];
        var edit = owner.GateEdit - 1;
        if (owner.Gate == Gate.Committing)
        {
            ref var next = ref moves.Next(now);
            if (now.Catalog.Row == owner.GateRow)
            {
                next.Edits[edit].Row = Write(ref next.Catalog);
                next.Owners[index].Gate = Gate.Committed;
                Keep(moves, Move.Of(Step.CommitLands, 0, index, edit));
            }
            else
            {
                next.Owners[index].Revokes = default;
                Decide(ref next, index, edit);
                Keep(moves, Move.Of(Step.CommitRefused, 0, index, edit));
            }
        }
        if (owner.Gate == Gate.Committed)
        {
            ref var next = ref moves.Next(now);
            Publish(ref next, index);
            Keep(moves, Move.Of(Step.CommitLearned, 0, index, edit));
        }
        if (owner.Gate is Gate.Committing or Gate.Committed && now.UnknownOutcomes < bounds.UnknownOutcomes
            && now.Edits[edit].LateCommitOn == 0)
        {
            ref var next = ref moves.Next(now);
            next.UnknownOutcomes++;
            LeaveCommit(ref next, index);
            next.Owners[index].Revokes = default;
            next.Owners[index].GateEdit = next.Owners[index].GateRow = next.Owners[index].VoidTokens = 0;
            next.Owners[index].Gate = rules.DoubtIsFenced ? Gate.Doubt : Gate.Free;
            Keep(moves, Move.Of(Step.OutcomeUnknown, 0, index, edit));
        }
        if (owner.Gate == Gate.Doubt)
        {
            ref var next = ref moves.Next(now);
            Write(ref next.Catalog);
            next.Owners[index].Gate = Gate.Free;
            Keep(moves, Move.Of(Step.FenceLands, 0, index));
        }
    }

    /// <summary>The author is told that the outcome is unknown, and the commit is left to itself.</summary>
    private static void LeaveCommit(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        if (owner.GateEdit == 0)
            return;
        ref var edit = ref world.Edits[owner.GateEdit - 1];
        edit.Status = EditStatus.Unknown;
        if (owner.Gate == Gate.Committing)
            edit.LateCommitOn = owner.GateRow;
    }

    /// <summary>All have given up their copies: the gate's purpose can be fulfilled.</summary>
    private void GoThroughGate(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        owner.RecordUntil = owner.RecordIdentity = owner.RecordHolders = owner.LostHolder = owner.Limited = 0;
        if (owner.GateEdit == 0 || owner.Settles != 0)
        {
            if (owner.GateEdit != 0)
                Acknowledge(ref world, owner.GateEdit - 1);
            owner.Gate = Gate.Free;
            owner.GateEdit = owner.Settles = owner.VoidTokens = 0;
            owner.Revokes = default;
            return;
        }
        owner.Gate = Gate.Committing;
        for (var silo = 0; silo < 2; silo++)
        {
            if (owner.Revokes[silo] != Asked.Acknowledged)
                owner.Revokes[silo] = Asked.No;
        }
        if (rules.CommitVoidsReads)
            InvalidateReads(ref world, index);
    }

    /// <summary>Steps 6 and 7 of an edit: record, acknowledge, push.</summary>
    private void Publish(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        var edit = owner.GateEdit - 1;
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
        owner.Gate = Gate.Free;
        owner.GateEdit = owner.GateRow = owner.VoidTokens = 0;
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
