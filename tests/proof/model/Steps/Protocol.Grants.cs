using OrleansCache.Model.Rules;
using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    private void ReadsBegin(in World now, Moves moves, int index, int silo)
    {
        ref readonly var owner = ref now.Owners[index];
        if (now.Silos[silo].Load.Phase != LoadPhase.None || MayNotGrantYet(now, owner)
            || owner.Round != RoundPhase.Free && !LendsInLimitedMode(owner))
            return;
        ref var next = ref moves.Next(now);
        next.Silos[silo].Load = new Load { Phase = LoadPhase.Reading, Owner = (byte)index, Row = now.Catalog.Row };
        if (bounds.SharedFor >= 0)
        {
            next.Owners[index].SharedRow = now.Catalog.Row;
            next.Owners[index].SharedAge = 0;
        }
        Keep(moves, Move.Of(Step.ReadBegins, silo, index));
        if (owner.SharedRow == 0 || owner is { SharedAge: 0 } && owner.SharedRow == now.Catalog.Row)
            return;
        next = ref moves.Next(now);
        next.Silos[silo].Load =
            new Load { Phase = LoadPhase.Reading, Owner = (byte)index, Row = owner.SharedRow, ReadAge = owner.SharedAge };
        if (owner.SharedRow < OldestWithinLease(now))
            next.Silos[silo].Load.TooOld = 2;
        else if (owner.SharedRow < now.Floor && !bounds.Rivals)
            next.Silos[silo].Load.TooOld = 1;
        Keep(moves, Move.Of(Step.ReadShared, silo, index));
    }

    private bool MayNotGrantYet(in World now, in Owner owner) => owner.SafeIn > 0 && rules.FirstGrants switch
    {
        FirstGrants.RestedRows => now.Catalog.Rested < _lease,
        FirstGrants.AfterDrops => owner.Drops[0] != Asked.Answered || owner.Drops[1] != Asked.Answered,
        _ => false,
    };

    /// <summary>
    /// Limited mode: while an edit waits for an unreachable holder, others get the old row until the leases that it waits for end.
    /// </summary>
    private bool LendsInLimitedMode(in Owner owner) =>
        bounds.LimitedMode && owner is { Round: RoundPhase.Revoking, RoundEdit: not 0, Settles: 0, RecordUntil: > 0 };

    /// <summary>This owner's reads in flight must not become leases.</summary>
    private static void InvalidateReads(ref World world, int owner)
    {
        world.Owners[owner].SharedRow = world.Owners[owner].SharedAge = 0;
        for (var silo = 0; silo < 2; silo++)
        {
            ref var load = ref world.Silos[silo].Load;
            if (load.Phase == LoadPhase.Reading && load.Owner == owner)
                load = default;
        }
    }

    private void Grants(in World now, Moves moves, int silo)
    {
        ref readonly var load = ref now.Silos[silo].Load;
        if (load.Phase != LoadPhase.Reading)
            return;
        ref readonly var owner = ref now.Owners[load.Owner];
        var lease = rules.OwnerCountsFromRead ? _lease - load.ReadAge : _lease;
        if (LendsInLimitedMode(owner))
        {
            if (load.Row != owner.RecordIdentity)
                return;
            ref var next = ref moves.Next(now);
            next.Owners[load.Owner].Limited = 1;
            Send(ref next.Silos[silo].Load, Math.Min(lease, owner.RecordUntil));
            Keep(moves, Move.Of(Step.LimitedLeaseGranted, silo, load.Owner));
        }
        else if (owner.Round == RoundPhase.Free && owner.RecordUntil > 0 && owner.RecordIdentity != load.Row
            && rules.OutOfBandWriteIsAnEdit)
        {
            ref var next = ref moves.Next(now);
            StartRevoking(ref next.Owners[load.Owner], ask: true);
            InvalidateReads(ref next, load.Owner);
            Keep(moves, Move.Of(Step.OutOfBandWriteFound, silo, load.Owner));
        }
        else if (owner.Round == RoundPhase.Free)
        {
            ref var next = ref moves.Next(now);
            Record(ref next.Owners[load.Owner], silo, load.Row, lease);
            Send(ref next.Silos[silo].Load, lease);
            Keep(moves, Move.Of(Step.LeaseGranted, silo, load.Owner));
        }
    }

    private static void Record(ref Owner owner, int silo, byte row, int lease)
    {
        owner.RecordIdentity = row;
        owner.RecordHolders |= (byte)(1 << silo);
        owner.RecordUntil = (byte)Math.Max(owner.RecordUntil, lease);
    }

    private void Send(ref Load load, int lease)
    {
        load.Phase = LoadPhase.Answer;
        load.Left = (byte)Math.Max(0, lease - _allowance - (rules.HolderCountsFromAsking ? load.AskedAge : 0));
        load.ReadAge = load.AskedAge = 0;
    }

    private void AnswersArrive(in World now, Moves moves, int silo)
    {
        ref readonly var at = ref now.Silos[silo];
        if (at.Unanswered != 0)
        {
            ref var next = ref moves.Next(now);
            next.Silos[silo].Unanswered = 0;
            Keep(moves, Move.Of(Step.JoinerAnswers, silo), at.Unanswered < now.Floor ? Guarantee.Coherent : Guarantee.None);
        }
        ref readonly var load = ref at.Load;
        if (load.Phase != LoadPhase.Answer)
            return;
        ref var lost = ref moves.Next(now);
        lost.Silos[silo].Load = default;
        Keep(moves, Move.Of(Step.AnswerLost, silo));
        ref var there = ref moves.Next(now);
        ref var holder = ref there.Silos[silo];
        var broken = load.TooOld switch { 1 => Guarantee.Coherent, 2 => Guarantee.Bounded, _ => Guarantee.None };
        if (!rules.JoinerChecks && load.Row < now.Floor)
            broken = Guarantee.Coherent;
        if (load.Late == 0 || !rules.SiloDropsLateAnswers)
        {
            if (load.Left > 0)
                (holder.Row, holder.Lease) = (load.Row, load.Left);
            if (!bounds.Rivals)
                there.Floor = Math.Max(there.Floor, FloorOf(load.Row, now));
            if (!rules.CheckAndAnswerInOneStep)
                holder.Unanswered = load.Row;
        }
        holder.Load = default;
        Keep(moves, Move.Of(Step.AnswerArrives, silo), broken);
    }
}
