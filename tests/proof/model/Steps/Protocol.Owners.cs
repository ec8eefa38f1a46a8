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

    /// <summary>
    /// The first silo has crashed, and its new incarnation does not know the client below the old one. A crash of the other silo or of the
    /// client shows nothing that unbounded message delay does not.
    /// </summary>
    private void SiloCrashes(in World now, Moves moves)
    {
        ref var next = ref moves.Next(now);
        next.SiloCrashes++;
        next.SiloLeft = (byte)_lease;
        next.Silos[Home] = default;
        if (rules.NewSiloLearnsEpochs)
            next.Silos[Home].Volume.Number = FirstOfCurrent - 1;
        ref var client = ref next.Client;
        client.Record = new Holder { Number = (byte)(client.Record.Number + 1) };
        client.Revoke = client.Checked = 0;
        for (var index = 0; index < 2; index++)
        {
            ref var owner = ref next.Owners[index];
            ref var holder = ref owner.Holders[Home];
            if (owner.Alive == 0)
                continue;
            Raise(ref owner.LostUntil, holder.Registered != 0 ? holder.Until : (byte)0);
            Raise(ref owner.LostUntil, owner.Revokes[Home] is Asked.Sent or Asked.AwaitsClient ? holder.Limit : (byte)0);
            Raise(ref owner.LostUntil, owner.Lent[Home]);
            owner.Lent[Home] = 0;
            holder = new Holder { Number = holder.Number };
            owner.Revokes[Home] = Asked.No;
            if (owner.Ends[Home] != Asked.No)
                owner.Ends[Home] = Asked.Acknowledged;
        }
        Keep(moves, Move.Of(Step.SiloCrashes));
    }

    private static void Raise(ref byte value, byte least) => value = Math.Max(value, least);
}
