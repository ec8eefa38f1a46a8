using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    private void ClientLives(in World now, Moves moves)
    {
        ref readonly var client = ref now.Client;
        ref readonly var silo = ref now.Silos[Home];
        if (silo.Lease > 0 && silo.Lease > _allowance && rules.CheckAndRecordInOneStep)
        {
            ref var next = ref moves.Next(now);
            GrantToClient(ref next.Client, silo.Row, silo.Lease);
            Keep(moves, Move.Of(Step.ClientAsks));
        }
        if (silo.Lease > 0 && silo.Lease > _allowance && !rules.CheckAndRecordInOneStep && client.CheckedRow == 0)
        {
            ref var next = ref moves.Next(now);
            (next.Client.CheckedRow, next.Client.CheckedLease) = (silo.Row, silo.Lease);
            Keep(moves, Move.Of(Step.ClientAsks));
        }
        if (client.CheckedRow != 0)
        {
            ref var next = ref moves.Next(now);
            GrantToClient(ref next.Client, client.CheckedRow, client.CheckedLease);
            next.Client.CheckedRow = next.Client.CheckedLease = 0;
            Keep(moves, Move.Of(Step.ClientAsks, 1));
        }
        if (client.AnswerRow != 0)
        {
            ref var next = ref moves.Next(now);
            (next.Client.Row, next.Client.Lease) = (client.AnswerRow, client.AnswerLease);
            next.Client.AnswerRow = next.Client.AnswerLease = 0;
            Keep(moves, Move.Of(Step.ClientAnswerArrives));
        }
        if (client.Revoke != 0)
        {
            ref var next = ref moves.Next(now);
            RevokeClient(ref next);
            Keep(moves, Move.Of(Step.ClientRevokeArrives));
        }
    }

    /// <summary>The silo records the client's lease and sends it; the client counts it on its own clock.</summary>
    private void GrantToClient(ref Client client, byte row, byte left)
    {
        client.RecordUntil = Math.Max(client.RecordUntil, left);
        client.AnswerRow = row;
        client.AnswerLease = (byte)(left - _allowance);
    }

    private void RevokeClient(ref World world)
    {
        ref var client = ref world.Client;
        client.Row = client.Lease = client.Revoke = 0;
        if (rules.ClientDropsLateAnswers)
        {
            client.AnswerRow = client.AnswerLease = 0;
            client.RecordUntil = 0;
        }
        for (var owner = 0; owner < 2; owner++)
        {
            if (world.Owners[owner].Revokes[Home] == Asked.AwaitsClient)
                world.Owners[owner].Revokes[Home] = Asked.Answered;
            if (world.Owners[owner].Drops[Home] == Asked.AwaitsClient)
                world.Owners[owner].Drops[Home] = Asked.Answered;
        }
    }
}
