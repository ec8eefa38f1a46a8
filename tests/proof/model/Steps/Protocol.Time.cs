using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    /// <summary>
    /// One tick of the owners' clocks. Each holder's clock may skip one tick per exploration: that is the drift between two processes
    /// within a lease. A client's lease is compared with its silo's clock, so a client's clock skips a tick together with its silo's.
    /// </summary>
    private void TimePasses(in World now, Moves moves)
    {
        var maySlow = bounds.SlowClocks & ~now.SlowClocks;
        for (var slow = 0; slow < 8; slow++)
        {
            if ((slow & ~maySlow) != 0 || !Matters(now, slow))
                continue;
            ref var next = ref moves.Next(now);
            next.SlowClocks |= (byte)slow;
            PassAtOwners(ref next);
            for (var silo = 0; silo < 2; silo++)
                PassAtSilo(ref next.Silos[silo], (slow >> silo & 1) != 0);
            if ((slow & 1) == 0)
            {
                Down(ref next.Client.Record.Until);
                Down(ref next.Client.Record.Limit);
            }
            if ((slow & 5) == 0)
            {
                Down(ref next.Client.Volume.Left);
                if (rules.HolderCountsFromAsking)
                {
                    Down(ref next.Client.Answer.Left);
                    Down(ref next.Client.Renewal.Lease.Left);
                }
            }
            Keep(moves, new Move(Step.Tick, slow));
        }
    }

    /// <summary>A clock by which nothing is counted does not use its allowance.</summary>
    private static bool Matters(in World now, int slow)
    {
        ref readonly var client = ref now.Client;
        var clientCounts = (client.Volume.Left | client.Answer.Left | client.Renewal.Lease.Left) != 0;
        for (var silo = 0; silo < 2; silo++)
        {
            ref readonly var at = ref now.Silos[silo];
            var counts = at.Volume.Left != 0 || at.Renewal.Lease.Left != 0 || at.Load.Phase != LoadPhase.None
                || silo == Home && (clientCounts || client.Record.Until != 0);
            if ((slow >> silo & 1) != 0 && !counts)
                return false;
        }
        return (slow & 4) == 0 || (slow & 1) == 0 && clientCounts;
    }

    private void PassAtOwners(ref World world)
    {
        Down(ref world.SiloLeft);
        if (world.Catalog.SqlAge != 0)
            Up(ref world.Catalog.SqlAge, _lease + 1);
        for (var index = 0; index < 2; index++)
        {
            ref var owner = ref world.Owners[index];
            if (owner.Alive == 0)
                continue;
            Up(ref owner.AnchorAge, _lease);
            if (owner.FeedRow != 0 || owner.FeedEmpty != 0)
                Up(ref owner.FeedAge, _lease);
            Down(ref owner.SafeIn);
            Down(ref owner.LostUntil);
            for (var silo = 0; silo < 2; silo++)
            {
                Down(ref owner.Holders[silo].Until);
                Down(ref owner.Holders[silo].Limit);
                Down(ref owner.Lent[silo]);
            }
            if (owner.SharedRow == 0)
                continue;
            if (owner.SharedAge >= bounds.SharedFor)
                owner.SharedRow = owner.SharedAge = 0;
            else
                owner.SharedAge++;
        }
    }

    private void PassAtSilo(ref Silo silo, bool slow)
    {
        if (slow)
            return;
        if (silo.Load.Phase == LoadPhase.Reading)
            Up(ref silo.Load.AskedAge, _lease);
        if (rules.HolderCountsFromAsking)
        {
            Down(ref silo.Load.Lease.Left);
            Down(ref silo.Renewal.Lease.Left);
            DownToEnd(ref silo.Load.Own);
        }
        Down(ref silo.Volume.Left);
        DownToEnd(ref silo.Own);
    }

    private static void Down(ref byte remainder)
    {
        if (remainder > 0)
            remainder--;
    }

    private static void DownToEnd(ref byte own)
    {
        if (own > 1)
            own--;
    }

    private static void Up(ref byte age, int most)
    {
        if (age < most)
            age++;
    }

    private static void Raise(ref byte value, byte least) => value = Math.Max(value, least);
}
