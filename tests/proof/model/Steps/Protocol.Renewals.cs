using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    /// <summary>What the granter may grant now; it remembers that before it sends it.</summary>
    private int Extend(in Owner owner, ref Holder holder)
    {
        var left = rules.LeaseCountsFromAnchor ? _lease - owner.AnchorAge : _lease;
        Raise(ref holder.Until, (byte)left);
        return left;
    }

    private void RenewalsAreAsked(in World now, Moves moves, int index, int silo)
    {
        ref readonly var holder = ref now.Owners[index].Holders[silo];
        if (Refuses(now.Silos[silo], holder.Number))
            return;
        ref var next = ref moves.Next(now);
        var answer = Answer(ref next.Owners[index], silo, rules.RenewalNamesDrops);
        if (silo < bounds.LateRenewals)
        {
            next.Silos[silo].Renewal = answer;
            Keep(moves, Move.Of(Step.RenewalAsked, silo, index));
        }
        else
        {
            Keep(moves, Move.Of(Step.RenewalLost, silo, index));
            next = ref moves.Next(now);
            Renew(ref next, silo, Answer(ref next.Owners[index], silo, rules.RenewalNamesDrops));
            Keep(moves, Move.Of(Step.RenewalAsked, silo, index));
        }
        // The answer to a request for another book. With nothing to drop it is the same as a renewal.
        if (holder.Drop == 0 || rules.AcquireExtendsOnlyWithoutDrops)
            return;
        next = ref moves.Next(now);
        next.Silos[silo].Renewal = Answer(ref next.Owners[index], silo, namesDrops: false);
        Keep(moves, Move.Of(Step.RenewalWithoutDrops, silo, index));
    }

    private Renewal Answer(ref Owner owner, int silo, bool namesDrops)
    {
        ref var holder = ref owner.Holders[silo];
        var renewal = new Renewal();
        renewal.Lease.Number = holder.Number;
        renewal.Lease.Left = (byte)Math.Max(0, Extend(owner, ref holder) - _allowance);
        renewal.Drop = holder.Drop != 0 && namesDrops ? Named.Yes : Named.No;
        if (namesDrops && !rules.DropsStayNamedUntilConfirmed)
            holder.Drop = 0;
        return renewal;
    }

    private void RenewalsArrive(in World now, Moves moves, int silo)
    {
        if (now.Silos[silo].Confirms != 0)
        {
            var confirmed = now.Silos[silo].Confirms - 1;
            ref var after = ref moves.Next(now);
            after.Silos[silo].Confirms = 0;
            after.Owners[confirmed].Holders[silo].Drop = 0;
            Keep(moves, Move.Of(Step.ConfirmationArrives, silo, confirmed));
        }
        var renewal = now.Silos[silo].Renewal;
        if (renewal.Lease.Number == 0)
            return;
        ref var next = ref moves.Next(now);
        next.Silos[silo].Renewal = default;
        Renew(ref next, silo, renewal);
        Keep(moves, Move.Of(Step.RenewalArrives, silo));
    }

    private void Renew(ref World world, int silo, Renewal renewal)
    {
        Adopt(ref world, silo, renewal.Lease.Number);
        if (renewal.Drop != Named.No)
            Drop(ref world, silo);
        for (var index = 0; index < 2 && renewal.Drop == Named.Yes; index++)
        {
            ref var holder = ref world.Owners[index].Holders[silo];
            if (holder.Number != renewal.Lease.Number)
                continue;
            if (rules.ConfirmationsAreNumbered)
                holder.Drop = 0;
            else
                world.Silos[silo].Confirms = (byte)(index + 1);
        }
        Raise(ref world.Silos[silo].Volume.Left, renewal.Lease.Left);
    }

    /// <summary>A renewal named the book: the silo revokes its entry. Its client is told, but is not waited for.</summary>
    private void Drop(ref World world, int silo)
    {
        if (rules.DropIsARevocation)
        {
            Suspend(ref world, silo);
            return;
        }
        world.Silos[silo].Row = world.Silos[silo].Own = 0;
    }
}
