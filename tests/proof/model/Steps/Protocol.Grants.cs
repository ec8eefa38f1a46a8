using OrleansCache.Model.Rules;
using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    /// <summary>A silo without a usable entry asks an owner, which reads the catalog, shares a read, or knows the row.</summary>
    private void SilosAsk(in World now, Moves moves, int index, int silo)
    {
        ref readonly var owner = ref now.Owners[index];
        ref readonly var at = ref now.Silos[silo];
        var lends = MayLend(owner);
        if (at.Usable || at.Load.Phase == LoadPhase.Reading || Refuses(at, owner.Holders[silo].Number)
            || owner.Round != RoundPhase.Free && !lends)
            return;
        ref var next = ref moves.Next(now);
        next.Silos[silo].Load = new Load { Phase = LoadPhase.Reading, Owner = (byte)index, Row = now.Catalog.Row };
        if (bounds.SharedFor >= 0)
        {
            next.Owners[index].SharedRow = now.Catalog.Row;
            next.Owners[index].SharedAge = 0;
        }
        Keep(moves, Move.Of(Step.ReadBegins, silo, index));
        if (owner.SharedRow != 0 && (owner.SharedAge != 0 || owner.SharedRow != now.Catalog.Row))
        {
            next = ref moves.Next(now);
            next.Silos[silo].Load = Unread(now, index, owner.SharedRow, rules.SharedReadNeedsLease);
            Keep(moves, Move.Of(Step.ReadShared, silo, index));
        }
        if (owner.Identity != 0 && bounds.GrantsFromKnowledge)
        {
            next = ref moves.Next(now);
            next.Silos[silo].Load = Unread(now, index, owner.Identity, rules.GrantFromKnowledgeNeedsLease);
            if (lends)
                Lend(ref next, index, silo);
            else
                Register(ref next, index, silo);
            Keep(moves, Move.Of(Step.GrantedFromKnowledge, silo, index));
        }
    }

    /// <summary>A row that was not read for this request.</summary>
    private Load Unread(in World now, int owner, byte row, bool needsLease)
    {
        var load = new Load { Phase = LoadPhase.Reading, Owner = (byte)owner, Row = row, NeedsLease = (byte)(needsLease ? 1 : 0) };
        if (!needsLease)
            load.TooOld = (byte)(row < OldestWithinLease(now) ? 2 : row < now.Floor ? 1 : 0);
        return load;
    }

    /// <summary>While an edit waits for a holder, others are granted the old row, until the end that is waited for.</summary>
    private bool MayLend(in Owner owner) =>
        bounds.Lends && owner is { Round: RoundPhase.Revoking, RoundEdit: not 0, Settles: 0, SecondPass: 0, Identity: not 0 }
        && EndOfWait(owner) > 0;

    private static byte EndOfWait(in Owner owner)
    {
        var end = owner.LostUntil;
        for (var silo = 0; silo < 2; silo++)
        {
            if (owner.Revokes[silo] is Asked.Sent or Asked.AwaitsClient)
                Raise(ref end, owner.Holders[silo].Limit);
        }
        return end;
    }

    /// <summary>This owner's reads in flight must not be registered.</summary>
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
        var index = load.Owner;
        ref readonly var owner = ref now.Owners[index];
        if (MayLend(owner))
        {
            if (load.Row != owner.Identity)
                return;
            ref var next = ref moves.Next(now);
            Lend(ref next, index, silo);
            Keep(moves, Move.Of(Step.Lent, silo, index));
        }
        else if (owner.Round == RoundPhase.Free && owner.Identity != 0 && owner.Identity != load.Row && rules.ReadFindsOutOfBandWrites)
        {
            ref var next = ref moves.Next(now);
            StartRevoking(ref next, index, ask: true);
            InvalidateReads(ref next, index);
            Keep(moves, Move.Of(Step.OutOfBandWriteFound, silo, index));
        }
        else if (owner.Round == RoundPhase.Free)
        {
            ref var next = ref moves.Next(now);
            Register(ref next, index, silo);
            Keep(moves, Move.Of(Step.Granted, silo, index));
        }
    }

    private void Register(ref World world, int index, int silo)
    {
        ref var owner = ref world.Owners[index];
        ref var at = ref world.Silos[silo];
        owner.Holders[silo].Registered = 1;
        owner.Identity = at.Load.Row;
        if (rules.ReleaseIsNumbered && at.Load.Late == 0 && at.Release == index + 1)
            at.Release = 0;
        Send(ref owner, ref at.Load, silo);
    }

    private void Lend(ref World world, int index, int silo)
    {
        ref var owner = ref world.Owners[index];
        ref var load = ref world.Silos[silo].Load;
        var end = EndOfWait(owner);
        Raise(ref owner.Lent[silo], end);
        if (rules.LentEntriesEnd)
            load.Own = (byte)(1 + Math.Max(0, end - _allowance - (rules.HolderCountsFromAsking ? load.AskedAge : 0)));
        Send(ref owner, ref load, silo);
    }

    private void Send(ref Owner owner, ref Load load, int silo)
    {
        ref var holder = ref owner.Holders[silo];
        var left = holder.Drop == 0 ? Extend(owner, ref holder) : 0;
        load.Phase = LoadPhase.Answer;
        load.Lease.Number = holder.Number;
        load.Lease.Left = (byte)Math.Max(0, left - _allowance - (rules.HolderCountsFromAsking ? load.AskedAge : 0));
        load.AskedAge = 0;
    }

    private void AnswersArrive(in World now, Moves moves, int silo)
    {
        ref readonly var at = ref now.Silos[silo];
        if (at.Unanswered != 0)
        {
            ref var answered = ref moves.Next(now);
            answered.Silos[silo].Unanswered = 0;
            Keep(moves, Move.Of(Step.JoinerAnswers, silo), at.Unanswered < now.Floor ? Guarantee.Coherent : Guarantee.None);
        }
        ref readonly var load = ref at.Load;
        if (load.Phase != LoadPhase.Answer)
            return;
        ref var next = ref moves.Next(now);
        ref var holder = ref next.Silos[silo];
        var broken = load.TooOld switch { 1 => Guarantee.Coherent, 2 => Guarantee.Bounded, _ => Guarantee.None };
        if (!rules.JoinerChecks && load.Row < now.Floor)
            broken = Guarantee.Coherent;
        if (load.Late == 0 || !rules.SiloDropsLateAnswers || !rules.ReleaseVoidsAnswers)
        {
            Adopt(ref next, silo, load.Lease.Number);
            Raise(ref holder.Volume.Left, load.Lease.Left);
            if (load.Own != 1)
                (holder.Row, holder.Own) = (load.Row, load.Own);
            if (bounds.UnleasedAnswers && load.NeedsLease == 0)
                next.Floor = Math.Max(next.Floor, FloorOf(load.Row, now));
            if (!rules.CheckAndAnswerInOneStep)
                holder.Unanswered = load.Row;
        }
        holder.Load = default;
        Keep(moves, Move.Of(Step.AnswerArrives, silo), broken);
    }
}
