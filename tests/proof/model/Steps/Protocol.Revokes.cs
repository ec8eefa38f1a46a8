using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    /// <summary>Sends a revocation to every recorded holder; the lease of a crashed incarnation must expire.</summary>
    private static void StartRevoking(ref Owner owner, bool ask)
    {
        owner.Round = RoundPhase.Revoking;
        owner.Revokes = default;
        owner.VoidTokens = 0;
        if (!ask)
        {
            owner.RecordUntil = 0;
            return;
        }
        for (var silo = 0; silo < 2; silo++)
        {
            if (owner.RecordUntil > 0 && (owner.RecordHolders >> silo & 1) != 0)
                owner.Revokes[silo] = Asked.Sent;
        }
        owner.LostHolder = (byte)(owner.RecordHolders / LostIncarnation);
    }

    private bool EveryoneGaveUp(in Owner owner)
    {
        if (owner.RecordUntil == 0)
            return true;
        if (owner.Limited != 0 && rules.LimitedLeaseHoldsCommit || owner.LostHolder != 0 && rules.OnlyTheHolderAcknowledges)
            return false;
        return owner.Revokes[0] is Asked.No or Asked.Acknowledged && owner.Revokes[1] is Asked.No or Asked.Acknowledged;
    }

    private void RevokesTravel(in World now, Moves moves, int owner, int silo)
    {
        var asked = now.Owners[owner].Revokes[silo];
        if (now.Owners[owner].Round != RoundPhase.Revoking)
            return;
        if (asked == Asked.Sent)
        {
            ref var next = ref moves.Next(now);
            next.Owners[owner].Revokes[silo] = Suspend(ref next, silo);
            next.Owners[owner].VoidTokens &= (byte)~(1 << silo);
            Keep(moves, Move.Of(Step.RevokeArrives, silo, owner));
        }
        if (asked == Asked.AwaitsClient && now.RepeatedRevokes < bounds.RepeatedRevokes)
        {
            ref var next = ref moves.Next(now);
            next.RepeatedRevokes++;
            Suspend(ref next, silo);
            next.Owners[owner].VoidTokens &= (byte)~(1 << silo);
            if (!rules.RepeatedRevokeWaits)
                next.Owners[owner].Revokes[silo] = Asked.Answered;
            Keep(moves, Move.Of(Step.RevokeRepeated, silo, owner));
        }
        if (asked == Asked.Answered)
        {
            ref var next = ref moves.Next(now);
            next.Owners[owner].Revokes[silo] = Asked.Acknowledged;
            Keep(moves, Move.Of(Step.RevokeAcknowledged, silo, owner));
        }
    }

    private void DropsTravel(in World now, Moves moves, int owner, int silo)
    {
        var asked = now.Owners[owner].Drops[silo];
        if (asked == Asked.Sent)
        {
            ref var next = ref moves.Next(now);
            next.Owners[owner].Drops[silo] = Suspend(ref next, silo);
            Keep(moves, Move.Of(Step.DropArrives, silo, owner));
        }
    }

    /// <summary>A silo revokes its entry: responses and pushes in flight to it are invalidated, and its client is revoked too.</summary>
    private Asked Suspend(ref World world, int index)
    {
        ref var silo = ref world.Silos[index];
        silo.Row = silo.Lease = silo.SinceRevoke = 0;
        if (rules.SiloDropsLateAnswers && rules.JoinerChecks)
            silo.Load = default;
        else if (silo.Load.Phase != LoadPhase.None)
            silo.Load.Late = 1;
        if (rules.RevokeVoidsPush)
        {
            silo.Pushes = default;
            VoidTokens(ref world, index);
        }
        if (index != Home || world.Client.RecordUntil == 0)
            return Asked.Answered;
        world.Client.Revoke = 1;
        return rules.ClientsAcknowledgeFirst ? Asked.AwaitsClient : Asked.Answered;
    }

    private static void VoidTokens(ref World world, int silo)
    {
        for (var index = 0; index < 2; index++)
        {
            ref var owner = ref world.Owners[index];
            if (owner.RoundEdit != 0 && owner.Revokes[silo] >= Asked.AwaitsClient)
                owner.VoidTokens |= (byte)(1 << silo);
        }
    }

    private void PushesArrive(in World now, Moves moves, int owner, int silo)
    {
        ref readonly var at = ref now.Silos[silo];
        if (at.Pushes[owner] == 0)
            return;
        ref var next = ref moves.Next(now);
        next.Silos[silo].Row = at.Pushes[owner];
        next.Silos[silo].Lease = (byte)(_lease - _allowance - (rules.PushCountsFromRevoke ? at.SinceRevoke : 0));
        next.Silos[silo].Pushes[owner] = 0;
        Keep(moves, Move.Of(Step.PushArrives, silo, owner));
    }
}
