using System.Numerics;
using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

/// <summary>
/// Epoch and generation as one number: those of the current owner begin with <see cref="FirstOfCurrent"/>, those of its predecessors are
/// lower. Numbers are only compared, so they are counted anew from the lowest one in use.
/// </summary>
internal sealed partial class Protocol
{
    private const byte FirstOfCurrent = 8;

    /// <summary>A silo refuses what is part of a volume lease that it has had before its present one.</summary>
    private bool Refuses(in Silo silo, byte number) =>
        number < silo.Volume.Number
        && (number < FirstOfCurrent && silo.Volume.Number >= FirstOfCurrent
            ? rules.SiloRefusesLowerEpochs
            : rules.FormerGenerationsAreRefused);

    /// <summary>A silo that hears of a later volume lease suspends what it has, and so do its clients.</summary>
    private void Adopt(ref World world, int index, byte number)
    {
        ref var silo = ref world.Silos[index];
        if (number <= silo.Volume.Number)
            return;
        silo.Volume.Number = number;
        if (!rules.LaterGenerationSuspends)
            return;
        silo.Volume.Left = silo.Row = silo.Own = 0;
        if (index == Home)
            NextGeneration(ref world.Client);
    }

    /// <summary>The client's generation is the silo's and its own together. What it still has is waited for like a revocation.</summary>
    private static void NextGeneration(ref Client client)
    {
        ref var record = ref client.Record;
        record.Number++;
        record.Registered = record.Drop = 0;
        if (record.Until == 0)
            return;
        record.Limit = Math.Max(record.Limit, record.Until);
        client.Revoke = 1;
    }

    /// <summary>The holder did not acknowledge before its volume lease ended: its registrations are gone.</summary>
    private void Lapse(ref Holder holder)
    {
        holder.Registered = holder.Drop = 0;
        if (rules.LapseRaisesGeneration)
            holder.Number++;
    }

    /// <summary>A new owner has come up: the numbers of before become those of former owners.</summary>
    private static void AgeNumbers(ref World world)
    {
        for (var silo = 0; silo < 2; silo++)
            Renumber(ref world, silo, FirstOfCurrent + FirstOfCurrent);
    }

    private static void CountNumbersAnew(ref World world)
    {
        for (var silo = 0; silo < 2; silo++)
            Renumber(ref world, silo, FirstOfCurrent);
        ref var client = ref world.Client;
        var used = 1 << client.Record.Number | 1 << client.Volume.Number | 1 << client.Answer.Number | 1 << client.Renewal.Lease.Number;
        client.Record.Number = Rank(client.Record.Number, used);
        client.Volume.Number = Rank(client.Volume.Number, used);
        client.Answer.Number = Rank(client.Answer.Number, used);
        client.Renewal.Lease.Number = Rank(client.Renewal.Lease.Number, used);
    }

    /// <summary>Counts from 1 what is below <paramref name="current"/>, and from there on what is not.</summary>
    private static void Renumber(ref World world, int index, int current)
    {
        ref var silo = ref world.Silos[index];
        var used = 1 << silo.Volume.Number | 1 << silo.Load.Lease.Number | 1 << silo.Renewal.Lease.Number
            | 1 << silo.Pushes[0].Number | 1 << silo.Pushes[1].Number
            | 1 << world.Owners[0].Holders[index].Number | 1 << world.Owners[1].Holders[index].Number;
        Renumber(ref silo.Volume.Number, used, current);
        Renumber(ref silo.Load.Lease.Number, used, current);
        Renumber(ref silo.Renewal.Lease.Number, used, current);
        for (var owner = 0; owner < 2; owner++)
        {
            Renumber(ref silo.Pushes[owner].Number, used, current);
            Renumber(ref world.Owners[owner].Holders[index].Number, used, current);
        }
    }

    private static void Renumber(ref byte number, int used, int current)
    {
        if (number < current)
            number = Rank(number, used);
        else
            number = (byte)(current - 1 + Rank(number, used & -(1 << current)));
    }

    private static byte Rank(byte number, int used) =>
        number == 0 ? (byte)0 : (byte)(1 + BitOperations.PopCount((uint)(used & ((1 << number) - 1) & ~1)));
}
