using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    /// <summary>
    /// Applies what follows from a move without a message, and clears fields that no longer matter, so that equivalent worlds have equal
    /// bytes.
    /// </summary>
    private void Settle(ref World world)
    {
        SettleClient(ref world);
        for (var edit = 0; edit < 2; edit++)
        {
            if (world.Edits[edit].LateCommitOn < world.Catalog.Row)
                world.Edits[edit].LateCommitOn = 0;
        }
        for (var owner = 0; owner < 2; owner++)
        {
            if (world.Owners[owner].Alive != 0)
                SettleOwner(ref world, owner);
        }
        for (var silo = 0; silo < 2; silo++)
            SettleSilo(ref world, silo);
    }

    private void SettleClient(ref World world)
    {
        ref var client = ref world.Client;
        ref var record = ref client.Record;
        if (client.Revoke != 0 && record.Limit == 0)
        {
            // The silo has waited for long enough.
            client.Revoke = 0;
            if (record is { Drop: 1, Until: 0 })
                Lapse(ref record);
        }
        if (client.Answer.Number < client.Volume.Number && rules.FormerGenerationsAreRefused)
        {
            client.AnswerRow = 0;
            client.Answer = default;
        }
        if (client.Answer.Number == client.Volume.Number && client.Answer.Left <= client.Volume.Left)
            client.Answer.Left = 0;
        if (client.Renewal.Lease.Number < client.Volume.Number && rules.FormerGenerationsAreRefused
            || client.Renewal.Drop == Named.No && client.Renewal.Lease.Number == client.Volume.Number
            && client.Renewal.Lease.Left <= client.Volume.Left)
            client.Renewal = default;
        // What belongs to a generation that has ended will never be used.
        if (client.Volume.Number < record.Number && client.Volume.Left == 0 && client.Answer.Number != client.Volume.Number
            && client.Renewal.Lease.Number != client.Volume.Number && rules.LaterGenerationSuspends)
        {
            client.Row = 0;
            if (client.Answer.Number == 0 && client.Renewal.Lease.Number == 0)
                client.Volume.Number = 0;
        }
    }

    private void SettleOwner(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        if (world.Client.Revoke == 0)
        {
            if (owner.Revokes[Home] == Asked.AwaitsClient)
            {
                owner.Revokes[Home] = Asked.Acknowledged;
                owner.Holders[Home].Drop = 0;
            }
            if (owner.Ends[Home] == Asked.AwaitsClient)
                owner.Ends[Home] = Asked.Acknowledged;
        }
        if (owner.SafeIn > 0 && owner.Ends[0] == Asked.Acknowledged && owner.Ends[1] == Asked.Acknowledged
            && (world.SiloLeft == 0 || !rules.CountsSilosThatLeft))
            owner.SafeIn = 0;
        if (owner.SafeIn == 0)
            owner.Ends = default;
        if (owner.Round == RoundPhase.Revoking)
        {
            StopWaiting(ref owner);
            if (EveryoneGaveUp(owner) && !BeginsSecondPass(ref owner))
                GoThroughGate(ref world, index);
        }
        for (var silo = 0; silo < 2; silo++)
        {
            if (owner.Revokes[silo] is not (Asked.Sent or Asked.AwaitsClient))
                owner.Holders[silo].Limit = 0;
        }
        if (owner.Round != RoundPhase.Revoking && (owner.Holders[0].Registered | owner.Holders[1].Registered) == 0 && owner.LostUntil == 0)
            owner.Identity = 0;
    }

    /// <summary>
    /// A silo whose volume lease of when the revocation began has ended is not waited for any more. If nothing was renewed since, it has
    /// lapsed; if something was, the renewals name the book.
    /// </summary>
    private void StopWaiting(ref Owner owner)
    {
        for (var silo = 0; silo < 2; silo++)
        {
            ref var holder = ref owner.Holders[silo];
            if (owner.Revokes[silo] is not (Asked.Sent or Asked.AwaitsClient) || holder.Limit != 0)
                continue;
            owner.Revokes[silo] = Asked.No;
            if (holder is { Drop: 1, Until: 0 })
                Lapse(ref holder);
        }
    }

    private void SettleSilo(ref World world, int index)
    {
        ref var silo = ref world.Silos[index];
        if (silo.Own == 1)
            silo.Row = silo.Own = 0;
        if (silo.Load.Phase == LoadPhase.Answer && (Refuses(silo, silo.Load.Lease.Number) || silo.Load is { Own: 1, NeedsLease: 1 }))
            silo.Load = default;
        if (silo.Load.Lease.Number == silo.Volume.Number && silo.Load.Lease.Left <= silo.Volume.Left)
            silo.Load.Lease.Left = 0;
        ref var renewal = ref silo.Renewal;
        if (Refuses(silo, renewal.Lease.Number)
            || renewal.Drop == Named.No && renewal.Lease.Number == silo.Volume.Number && renewal.Lease.Left <= silo.Volume.Left)
            renewal = default;
        for (var owner = 0; owner < 2; owner++)
        {
            if (silo.Pushes[owner].Number < silo.Volume.Number && rules.PushNeedsItsGeneration)
                silo.Pushes[owner] = default;
        }
    }
}
