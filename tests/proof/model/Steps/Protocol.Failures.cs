using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    private void CatalogChanges(in World now, Moves moves)
    {
        if (bounds.SqlEdit && now.Catalog.SqlRow == 0)
        {
            ref var next = ref moves.Next(now);
            next.Catalog.SqlRow = Write(ref next.Catalog);
            next.Catalog.SqlAge = 1;
            Keep(moves, Move.Of(Step.SqlEditLands));
        }
        for (var edit = 0; edit < 2; edit++)
        {
            if (now.Edits[edit].LateCommitOn == 0 || now.Edits[edit].LateCommitOn != now.Catalog.Row)
                continue;
            ref var next = ref moves.Next(now);
            next.Edits[edit].LateCommitOn = 0;
            next.Edits[edit].Row = Write(ref next.Catalog);
            Keep(moves, Move.Of(Step.LateCommitLands, 0, 0, edit));
        }
    }

    private static byte Write(ref Catalog catalog)
    {
        catalog.Rested = 0;
        return ++catalog.Row;
    }

    private void ProcessesFail(in World now, Moves moves)
    {
        if (bounds.Rivals && now.Owners[1].Alive == 0)
        {
            ref var next = ref moves.Next(now);
            ComeUp(ref next, 1);
            Keep(moves, Move.Of(Step.RivalComesUp, 0, 1));
        }
        if (now.OwnerCrashes + now.SiloCrashes >= bounds.Crashes)
            return;
        if (now.OwnerCrashes < bounds.OwnerCrashes)
        {
            ref var next = ref moves.Next(now);
            next.OwnerCrashes++;
            LeaveCommit(ref next, 0);
            InvalidateReads(ref next, 0);
            ComeUp(ref next, 0);
            Keep(moves, Move.Of(Step.OwnerCrashes));
        }
        if (now.SiloCrashes < bounds.SiloCrashes)
        {
            ref var next = ref moves.Next(now);
            next.SiloCrashes++;
            CrashSilo(ref next);
            Keep(moves, Move.Of(Step.SiloCrashes));
        }
    }

    /// <summary>
    /// A new activation, which does not know the leases of its predecessor. If its silo had left too, it would only wait longer.
    /// </summary>
    private void ComeUp(ref World world, int index)
    {
        world.Owners[index] = new Owner { Alive = 1 };
        if (!rules.NewOwnerIsCautious)
            return;
        ref var owner = ref world.Owners[index];
        owner.SafeIn = (byte)_lease;
        owner.Drops[0] = owner.Drops[1] = Asked.Sent;
    }

    /// <summary>
    /// The first silo has crashed, and its new incarnation does not know the client below the old one. A crash of the other silo or of the
    /// client shows nothing that unbounded message delay does not.
    /// </summary>
    private void CrashSilo(ref World world)
    {
        ref var client = ref world.Client;
        world.Silos[Home] = default;
        world.SiloLeft = (byte)_lease;
        client.RecordUntil = client.Revoke = client.CheckedRow = client.CheckedLease = 0;
        for (var index = 0; index < 2; index++)
        {
            ref var owner = ref world.Owners[index];
            if ((owner.RecordHolders & 1) != 0)
                owner.RecordHolders = (byte)(owner.RecordHolders & ~1 | LostIncarnation);
            if (owner.Revokes[Home] is Asked.Sent or Asked.AwaitsClient or Asked.Answered)
                owner.LostHolder = 1;
            owner.Revokes[Home] = Asked.No;
            if (owner.Drops[Home] != Asked.No)
                owner.Drops[Home] = Asked.Answered;
        }
    }
}
