using OrleansCache.Model.Rules;
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
                PassAtSilo(ref next, silo, (slow >> silo & 1) != 0);
            if ((slow & 1) == 0)
                Down(ref next.Client.RecordUntil);
            if ((slow & 5) == 0)
            {
                Down(ref next.Client.Lease);
                Down(ref next.Client.AnswerLease);
            }
            Keep(moves, new Move(Step.Tick, slow));
        }
    }

    /// <summary>A clock without a running lease does not use its allowance.</summary>
    private static bool Matters(in World now, int slow)
    {
        ref readonly var client = ref now.Client;
        var clientCounts = (client.Lease | client.AnswerLease) != 0;
        for (var silo = 0; silo < 2; silo++)
        {
            ref readonly var at = ref now.Silos[silo];
            var counts = at.Lease != 0 || at.Load.Phase != LoadPhase.None || at.Pushes[0] != 0 || at.Pushes[1] != 0
                || now.Owners[0].Revokes[silo] != Asked.No || now.Owners[1].Revokes[silo] != Asked.No
                || silo == Home && (clientCounts || client.RecordUntil != 0);
            if ((slow >> silo & 1) != 0 && !counts)
                return false;
        }
        return (slow & 4) == 0 || (slow & 1) == 0 && clientCounts;
    }

    private void PassAtOwners(ref World world)
    {
        Down(ref world.SiloLeft);
        if (rules.FirstGrants == FirstGrants.RestedRows)
            Up(ref world.Catalog.Rested, _lease);
        if (world.Catalog.SqlAge != 0)
            Up(ref world.Catalog.SqlAge, _lease + 1);
        for (var edit = 0; edit < 2; edit++)
        {
            if (world.Edits[edit].Age != 0)
                Up(ref world.Edits[edit].Age, _lease + 1);
        }
        for (var index = 0; index < 2; index++)
        {
            ref var owner = ref world.Owners[index];
            Down(ref owner.RecordUntil);
            Down(ref owner.SafeIn);
            if (owner.SharedRow == 0)
                continue;
            if (owner.SharedAge >= bounds.SharedFor)
                owner.SharedRow = owner.SharedAge = 0;
            else
                owner.SharedAge++;
        }
    }

    private void PassAtSilo(ref World world, int index, bool slow)
    {
        ref var silo = ref world.Silos[index];
        if (silo.Load.Phase == LoadPhase.Reading)
            Up(ref silo.Load.ReadAge, _lease);
        if (slow)
            return;
        if (silo.Load.Phase == LoadPhase.Reading)
            Up(ref silo.Load.AskedAge, _lease);
        else if (rules.HolderCountsFromAsking)
            Down(ref silo.Load.Left);
        Down(ref silo.Lease);
        Up(ref silo.SinceRevoke, _lease);
        if (index == Home)
            Down(ref world.Client.CheckedLease);
    }

    private static void Down(ref byte remainder)
    {
        if (remainder > 0)
            remainder--;
    }

    private static void Up(ref byte age, int most)
    {
        if (age < most)
            age++;
    }
}
