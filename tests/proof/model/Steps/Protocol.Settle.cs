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
        ref var client = ref world.Client;
        if (client.Lease == 0)
            client.Row = 0;
        if (client.AnswerLease == 0)
            client.AnswerRow = 0;
        if (client.CheckedLease == 0)
            client.CheckedRow = 0;
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

    private void SettleOwner(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        if (world.Client.RecordUntil == 0)
        {
            if (owner.Revokes[Home] == Asked.AwaitsClient)
                owner.Revokes[Home] = Asked.Answered;
            if (owner.Drops[Home] == Asked.AwaitsClient)
                owner.Drops[Home] = Asked.Answered;
        }
        if (owner.SafeIn > 0 && owner.Drops[0] == Asked.Answered && owner.Drops[1] == Asked.Answered
            && (world.SiloLeft == 0 || !rules.CountsSilosThatLeft))
            owner.SafeIn = 0;
        if (owner.SafeIn == 0)
            owner.Drops = default;
        if (owner.RecordUntil == 0)
        {
            owner.RecordIdentity = 0;
            owner.RecordHolders = 0;
        }
        if (owner.Round == RoundPhase.Revoking && EveryoneGaveUp(owner))
            GoThroughGate(ref world, index);
    }

    private void SettleSilo(ref World world, int index)
    {
        ref var silo = ref world.Silos[index];
        if (silo.Lease == 0)
            silo.Row = 0;
        // A response that can no longer carry a lease only answers its own lookup, which began before the row was read.
        if (silo.Load is { Phase: LoadPhase.Reading, TooOld: 0 } && silo.Load.ReadAge >= _lease && rules.OwnerCountsFromRead)
            silo.Load = default;
        if (silo.Load is { Phase: LoadPhase.Answer, Left: 0, TooOld: 0 } && !bounds.UnleasedAnswers && rules.JoinerChecks
            && rules.CheckAndAnswerInOneStep)
            silo.Load = default;
        var tokenCounts = false;
        for (var owner = 0; owner < 2; owner++)
        {
            if (silo.Pushes[owner] != 0 && rules.PushCountsFromRevoke && silo.SinceRevoke + _allowance >= _lease)
                silo.Pushes[owner] = 0;
            ref var asked = ref world.Owners[owner];
            tokenCounts |= silo.Pushes[owner] != 0 || asked.RoundEdit != 0 && asked.Settles == 0
                && asked.Revokes[index] >= Asked.AwaitsClient && (asked.VoidTokens >> index & 1) == 0;
        }
        if (!tokenCounts)
            silo.SinceRevoke = 0;
    }
}
