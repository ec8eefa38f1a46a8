using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    /// <summary>
    /// An entry leaves a silo's memory, and the next renewal carries its release, which may overtake or be overtaken by other messages. A
    /// client's releases are the same thing on a shorter way, and are not modelled.
    /// </summary>
    private void Releases(in World now, Moves moves, int silo)
    {
        ref readonly var at = ref now.Silos[silo];
        if (at.Row != 0 && now.Releases < bounds.Releases)
        {
            ref var next = ref moves.Next(now);
            next.Releases++;
            next.Silos[silo].Row = next.Silos[silo].Own = 0;
            if (silo != Home || MayRelease(now.Client))
            {
                next.Silos[silo].Release = ReleasedAt(now, silo);
                NextRevocationEpoch(ref next, silo, rules.ReleaseVoidsAnswers);
            }
            Keep(moves, Move.Of(Step.EntryLeaves, silo));
        }
        if (at.Release != 0)
        {
            ref var next = ref moves.Next(now);
            next.Owners[at.Release - 1].Holders[silo].Registered = 0;
            next.Silos[silo].Release = 0;
            Keep(moves, Move.Of(Step.ReleaseArrives, silo, at.Release - 1));
        }
    }

    /// <summary>A client below may have the book and be registered for it, or it may not have been revoked yet.</summary>
    private bool MayRelease(in Client client) =>
        (client.Record.Registered == 0 || !rules.ReleaseWaitsForClients) && (client.Revoke == 0 || !rules.ReleaseWaitsForRevocations);

    /// <summary>One more than the owner from which the silo has its volume lease.</summary>
    private static byte ReleasedAt(in World now, int silo)
    {
        for (var index = 0; index < 2; index++)
        {
            if (now.Owners[index].Alive != 0 && now.Owners[index].Holders[silo].Number == now.Silos[silo].Volume.Number)
                return (byte)(index + 1);
        }
        return 0;
    }
}
