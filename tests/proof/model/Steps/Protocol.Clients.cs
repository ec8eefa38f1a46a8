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
        if (client.Renewal.Lease.Number != 0)
        {
            ref var next = ref moves.Next(now);
            next.Client.Renewal = default;
            RenewClient(ref next.Client, client.Renewal);
            Keep(moves, Move.Of(Step.ClientRenews, 1));
        }
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
        ref var next = ref moves.Next(now);
        var answer = AnswerRenewal(ref next);
        if (bounds.LateClientRenewals)
        {
            next.Client.Renewal = answer;
            Keep(moves, Move.Of(Step.ClientRenewalAsked));
            return;
        }
        Keep(moves, Move.Of(Step.ClientRenewalLost));
        next = ref moves.Next(now);
        RenewClient(ref next.Client, AnswerRenewal(ref next));
        Keep(moves, Move.Of(Step.ClientRenews));
    }

    private Renewal AnswerRenewal(ref World world)
    {
        var left = world.Silos[Home].Volume.Left;
        ref var record = ref world.Client.Record;
        Raise(ref record.Until, left);
        var drop = record.Drop != 0 && rules.RenewalNamesDrops ? Named.Yes : Named.No;
        if (!rules.DropsStayNamedUntilConfirmed)
            record.Drop = 0;
        return new Renewal { Lease = new VolumeLease { Number = record.Number, Left = (byte)(left - _allowance) }, Drop = drop };
    }

    private void RenewClient(ref Client client, Renewal renewal)
    {
        AdoptAtClient(ref client, renewal.Lease.Number);
        if (renewal.Drop != Named.No)
            DropAtClient(ref client);
        if (renewal.Drop == Named.Yes && renewal.Lease.Number == client.Record.Number)
            client.Record.Drop = 0;
        Raise(ref client.Volume.Left, renewal.Lease.Left);
    }
}
