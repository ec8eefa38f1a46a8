using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    /// <summary>
    /// The first silo crashes or leaves in order, and its new incarnation does not know the client below the old one. A crash of the other
    /// silo or of the client shows nothing that unbounded message delay does not.
    /// </summary>
    private void SilosDepart(in World now, Moves moves)
    {
        if (now.SiloCrashes < bounds.SiloCrashes)
        {
            ref var next = ref moves.Next(now);
            next.SiloCrashes++;
            next.SiloLeft = (byte)_lease;
            StartAgain(ref next, isLost: true);
            Keep(moves, Move.Of(Step.SiloCrashes));
        }
        ref readonly var record = ref now.Client.Record;
        if (now.Farewells < bounds.Farewells && (record.Until == 0 || record.Registered == 0 && now.Client.Revoke == 0
            || !rules.FarewellWaitsForClients))
        {
            ref var next = ref moves.Next(now);
            next.Farewells++;
            StartAgain(ref next, isLost: false);
            Keep(moves, Move.Of(Step.SiloSaysFarewell));
        }
    }

    private void StartAgain(ref World next, bool isLost)
    {
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
            if (isLost)
            {
                Raise(ref owner.LostUntil, holder.Registered != 0 ? holder.Until : (byte)0);
                Raise(ref owner.LostUntil, owner.Revokes[Home] is Asked.Sent or Asked.AwaitsClient ? holder.Limit : (byte)0);
                Raise(ref owner.LostUntil, owner.Lent[Home]);
            }
            owner.Lent[Home] = 0;
            holder = new Holder { Number = holder.Number };
            owner.Revokes[Home] = Asked.No;
            if (owner.Ends[Home] != Asked.No)
                owner.Ends[Home] = Asked.Acknowledged;
        }
    }
}
