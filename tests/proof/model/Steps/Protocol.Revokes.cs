using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    /// <summary>
    /// Takes back the registrations and sends a revocation to each of their silos. From now on each renewal names the book, and a silo that
    /// does not answer is waited for until the end that its volume lease has now.
    /// </summary>
    private void StartRevoking(ref World world, int index, bool ask)
    {
        ref var owner = ref world.Owners[index];
        owner.Round = RoundPhase.Revoking;
        owner.Revokes = default;
        owner.VoidTokens = owner.Overtaken = 0;
        for (var silo = 0; silo < 2; silo++)
        {
            ref var holder = ref owner.Holders[silo];
            var registered = holder.Registered != 0;
            holder.Registered = 0;
            if (!ask || !registered)
                continue;
            holder.Drop = 1;
            holder.Limit = holder.Until;
            owner.Revokes[silo] = Asked.Sent;
            ref var renewal = ref world.Silos[silo].Renewal;
            if (renewal.Drop == Named.Yes && renewal.Lease.Number == holder.Number && rules.ConfirmationsAreNumbered)
                renewal.Drop = Named.ForAnEarlierRevocation;
        }
        if (!ask)
            owner.LostUntil = 0;
    }

    /// <summary>A table is full: what was registered is revoked, in a round of its own, as for an out-of-band write.</summary>
    private void TablesAreFull(in World now, Moves moves, int index)
    {
        if (now.Recalls >= bounds.Recalls || now.Owners[index].Round != RoundPhase.Free || now.Owners[index].Identity == 0)
            return;
        ref var next = ref moves.Next(now);
        next.Recalls++;
        StartRevoking(ref next, index, ask: true);
        if (!rules.RecallIsARound)
            EndRound(ref next.Owners[index]);
        Keep(moves, Move.Of(Step.Recalled, 0, index));
    }

    /// <summary>Before the commit, what was lent while the round waited is revoked like everything else.</summary>
    private bool BeginsSecondPass(ref Owner owner)
    {
        if (owner.SecondPass != 0 || !rules.LentEntriesAreRevoked || (owner.Lent[0] | owner.Lent[1]) == 0)
            return false;
        owner.SecondPass = 1;
        for (var silo = 0; silo < 2; silo++)
        {
            if (owner.Lent[silo] == 0)
                continue;
            owner.Holders[silo].Limit = owner.Lent[silo];
            owner.Revokes[silo] = Asked.Sent;
        }
        return true;
    }

    private bool EveryoneGaveUp(in Owner owner) =>
        (owner.LostUntil == 0 || !rules.OnlyTheHolderAcknowledges)
        && owner.Revokes[0] is Asked.No or Asked.Acknowledged && owner.Revokes[1] is Asked.No or Asked.Acknowledged;

    private void RevokesTravel(in World now, Moves moves, int owner, int silo)
    {
        var asked = now.Owners[owner].Revokes[silo];
        if (now.Owners[owner].Round != RoundPhase.Revoking)
            return;
        if (asked == Asked.Sent)
        {
            ref var next = ref moves.Next(now);
            Revoked(ref next, owner, silo, Suspend(ref next, silo));
            Keep(moves, Move.Of(Step.RevokeArrives, silo, owner));
        }
        if (asked == Asked.AwaitsClient && now.RepeatedRevokes < bounds.RepeatedRevokes)
        {
            ref var next = ref moves.Next(now);
            next.RepeatedRevokes++;
            var done = Suspend(ref next, silo);
            Revoked(ref next, owner, silo, rules.RepeatedRevokeWaits ? done : Asked.Acknowledged);
            Keep(moves, Move.Of(Step.RevokeRepeated, silo, owner));
        }
    }

    private static void Revoked(ref World world, int index, int silo, Asked asked)
    {
        ref var owner = ref world.Owners[index];
        owner.Revokes[silo] = asked;
        owner.VoidTokens &= (byte)~(1 << silo);
        if (asked == Asked.Acknowledged)
            owner.Holders[silo].Drop = 0;
    }

    /// <summary>A silo revokes its entry: responses and pushes in flight to it are invalidated, and its client is revoked too.</summary>
    private Asked Suspend(ref World world, int index)
    {
        ref var silo = ref world.Silos[index];
        silo.Row = silo.Own = 0;
        NextRevocationEpoch(ref world, index, rules.SiloDropsLateAnswers && rules.JoinerChecks);
        if (index != Home)
            return Asked.Acknowledged;
        ref var client = ref world.Client;
        if (client.Record.Registered != 0)
        {
            client.Record.Registered = 0;
            client.Record.Drop = 1;
            if (client.Renewal.Drop == Named.Yes && rules.ConfirmationsAreNumbered)
                client.Renewal.Drop = Named.ForAnEarlierRevocation;
            client.Record.Limit = Math.Max(client.Record.Limit, client.Record.Until);
            client.Revoke = 1;
        }
        return client.Revoke != 0 && rules.ClientsAcknowledgeFirst ? Asked.AwaitsClient : Asked.Acknowledged;
    }

    /// <summary>Whatever was requested from a silo, or acknowledged by it, in an earlier revocation epoch is void.</summary>
    private void NextRevocationEpoch(ref World world, int index, bool dropLateAnswers)
    {
        ref var silo = ref world.Silos[index];
        if (dropLateAnswers)
            silo.Load = default;
        else if (silo.Load.Phase != LoadPhase.None)
            silo.Load.Late = 1;
        if (!rules.RevokeVoidsPush)
            return;
        silo.Pushes = default;
        for (var owner = 0; owner < 2; owner++)
        {
            ref var at = ref world.Owners[owner];
            if (at.RoundEdit != 0 && at.Revokes[index] >= Asked.AwaitsClient)
                at.VoidTokens |= (byte)(1 << index);
        }
    }

    private void PushesArrive(in World now, Moves moves, int silo)
    {
        for (var owner = 0; owner < 2; owner++)
        {
            var push = now.Silos[silo].Pushes[owner];
            if (push.Row == 0 || push.Number != now.Silos[silo].Volume.Number && rules.PushNeedsItsGeneration)
                continue;
            ref var next = ref moves.Next(now);
            next.Silos[silo].Row = push.Row;
            next.Silos[silo].Own = 0;
            next.Silos[silo].Pushes[owner] = default;
            Keep(moves, Move.Of(Step.PushArrives, silo, owner));
        }
    }
}
