using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    /// <summary>
    /// A new owner raises the epoch. Its predecessor has crashed or goes on; the one before that has ended at last. If the silo of the
    /// predecessor had left too, the new owner would only wait longer.
    /// </summary>
    private void OwnerComesUp(in World now, Moves moves)
    {
        ref var next = ref moves.Next(now);
        next.OwnerChanges++;
        var predecessor = now.Owners[0].Current != 0 ? 0 : 1;
        var index = bounds.Rivals ? 1 - predecessor : predecessor;
        next.Owners[predecessor].Current = 0;
        if (next.Owners[index].Alive != 0)
        {
            LeaveCommit(ref next, index);
            End(ref next, index);
        }
        RefuseLateCommits(ref next);
        AgeNumbers(ref next);
        ref var owner = ref next.Owners[index];
        owner = new Owner { Alive = 1, Current = 1 };
        owner.Holders[0].Number = owner.Holders[1].Number = FirstOfCurrent;
        if (rules.NewOwnerIsCautious)
        {
            owner.SafeIn = (byte)(rules.NewOwnerWaitsFromTheRaise ? _lease : _lease - 1);
            owner.Ends[0] = Asked.Sent;
            owner.Ends[1] = bounds.TwoSilos ? Asked.Sent : Asked.Acknowledged;
        }
        Keep(moves, Move.Of(Step.OwnerComesUp, 0, index));
    }

    /// <summary>An owner learns that it was replaced. What it has sent is still on its way.</summary>
    private static void End(ref World world, int index)
    {
        InvalidateReads(ref world, index);
        world.Owners[index] = default;
        for (var silo = 0; silo < 2; silo++)
        {
            if (world.Silos[silo].Release == index + 1)
                world.Silos[silo].Release = 0;
        }
    }

    private void EndsTravel(in World now, Moves moves, int owner, int silo)
    {
        if (now.Owners[owner].Ends[silo] != Asked.Sent)
            return;
        ref var next = ref moves.Next(now);
        Adopt(ref next, silo, now.Owners[owner].Holders[silo].Number);
        var awaits = silo == Home && next.Client.Revoke != 0 && rules.ClientsAcknowledgeFirst;
        next.Owners[owner].Ends[silo] = awaits ? Asked.AwaitsClient : Asked.Acknowledged;
        Keep(moves, Move.Of(Step.EndArrives, silo, owner));
    }
}
