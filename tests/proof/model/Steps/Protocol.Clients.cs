using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

/// <summary>A silo is to its client what an owner is to silos.</summary>
internal sealed partial class Protocol
{
    private void ClientLives(in World now, Moves moves)
    {
        ref readonly var client = ref now.Client;
        ref readonly var silo = ref now.Silos[Home];
        var mayRegister = silo.Usable && !client.Usable && (silo.Own == 0 || !rules.LentEntriesStayInTheSilo);
        if (mayRegister && rules.CheckAndRegisterInOneStep)
        {
            ref var next = ref moves.Next(now);
            Register(ref next, silo.Row);
            Keep(moves, Move.Of(Step.ClientAsks));
        }
        if (mayRegister && !rules.CheckAndRegisterInOneStep && client.Checked == 0)
        {
            ref var next = ref moves.Next(now);
            next.Client.Checked = silo.Row;
            Keep(moves, Move.Of(Step.ClientAsks));
        }
        if (client.Checked != 0)
        {
            ref var next = ref moves.Next(now);
            Register(ref next, client.Checked);
            next.Client.Checked = 0;
            Keep(moves, Move.Of(Step.ClientAsks, 1));
        }
        if (client.AnswerRow != 0)
        {
            ref var next = ref moves.Next(now);
            AnswerClient(ref next.Client);
            Keep(moves, Move.Of(Step.ClientAnswerArrives));
        }
        if (client.Revoke != 0)
        {
            ref var next = ref moves.Next(now);
            RevokeClient(ref next.Client);
            Keep(moves, Move.Of(Step.ClientRevokeArrives));
        }
        if (silo.Volume.Left > _allowance)
            ClientRenews(now, moves);
    }

    private void Register(ref World world, byte row)
    {
        ref var client = ref world.Client;
        ref var record = ref client.Record;
        var left = record.Drop == 0 || !rules.AcquireExtendsOnlyWithoutDrops ? world.Silos[Home].Volume.Left : (byte)0;
        record.Registered = 1;
        Raise(ref record.Until, left);
        client.AnswerRow = row;
        client.Answer = new VolumeLease { Number = record.Number, Left = (byte)Math.Max(0, left - _allowance) };
    }

    private void AnswerClient(ref Client client)
    {
        AdoptAtClient(ref client, client.Answer.Number);
        client.Row = client.AnswerRow;
        Raise(ref client.Volume.Left, client.Answer.Left);
        client.AnswerRow = 0;
        client.Answer = default;
    }

    private void RevokeClient(ref Client client)
    {
        AdoptAtClient(ref client, client.Record.Number);
        DropAtClient(ref client);
        client.Revoke = client.Record.Limit = client.Record.Drop = 0;
    }

    private void DropAtClient(ref Client client)
    {
        client.Row = 0;
        if (!rules.ClientDropsLateAnswers)
            return;
        client.AnswerRow = 0;
        client.Answer = default;
    }

    private void AdoptAtClient(ref Client client, byte number)
    {
        if (number <= client.Volume.Number)
            return;
        client.Volume.Number = number;
        if (rules.LaterGenerationSuspends)
            client.Row = client.Volume.Left = 0;
    }

    private void ClientRenews(in World now, Moves moves)
    {
        ref readonly var silo = ref now.Silos[Home];
        ref var lost = ref moves.Next(now);
        Raise(ref lost.Client.Record.Until, silo.Volume.Left);
        if (!rules.DropsStayNamedUntilConfirmed)
            lost.Client.Record.Drop = 0;
        Keep(moves, Move.Of(Step.ClientRenewalLost));
        ref var next = ref moves.Next(now);
        ref var client = ref next.Client;
        Raise(ref client.Record.Until, silo.Volume.Left);
        AdoptAtClient(ref client, client.Record.Number);
        if (client.Record.Drop != 0 && rules.RenewalNamesDrops)
            DropAtClient(ref client);
        client.Record.Drop = 0;
        Raise(ref client.Volume.Left, (byte)(silo.Volume.Left - _allowance));
        Keep(moves, Move.Of(Step.ClientRenews));
    }
}
