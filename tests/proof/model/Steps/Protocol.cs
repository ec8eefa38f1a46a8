using OrleansCache.Model.Rules;
using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

/// <summary>
/// The lease protocol as a set of moves between worlds. Whatever a process decides within one turn is one move; whatever needs a message is
/// two moves, with anything in between. Some messages are merged where a delay could only make the receiver more conservative: a silo's
/// request arrives at once (a delay would shorten its lease and age its lookup); an invalidated read, or a response that will be discarded,
/// disappears at once (the silo asks again); acknowledgements and confirmations arrive at once; a read of the feed without changes is
/// worked off at once; a client's renewal is one step, or is lost. An answer that is never delivered is lost, and a process that makes no
/// more moves has crashed.
/// </summary>
internal sealed partial class Protocol(ProtocolRules rules, Bounds bounds, bool forgetful)
{
    private const int Home = 0;
    private readonly int _lease = bounds.Lease;
    private readonly int _silos = bounds.TwoSilos ? 2 : 1;
    private readonly int _allowance = (bounds.DriftAtWorst ? 0 : 1) - (rules.DriftIsAllowedFor ? 0 : 1);

    /// <summary>The initial world: version 1 in the catalog, one owner that may commit, no entries.</summary>
    public World First()
    {
        var world = new World { Floor = 1 };
        world.Catalog.Row = 1;
        world.Owners[0].Alive = world.Owners[0].Current = 1;
        world.Owners[0].Holders[0].Number = world.Owners[0].Holders[1].Number = FirstOfCurrent;
        world.Client.Record.Number = 1;
        return world;
    }

    /// <summary>Fills <paramref name="moves"/> with every possible move.</summary>
    public void Explore(in World now, Moves moves)
    {
        moves.Clear();
        TimePasses(now, moves);
        CatalogChanges(now, moves);
        SilosDepart(now, moves);
        if (now.OwnerChanges < bounds.OwnerChanges)
            OwnerComesUp(now, moves);
        for (var owner = 0; owner < 2; owner++)
        {
            if (now.Owners[owner].Alive == 0)
                continue;
            EditsBegin(now, moves, owner);
            EditsGoOn(now, moves, owner);
            FeedIsRead(now, moves, owner);
            TablesAreFull(now, moves, owner);
            for (var silo = 0; silo < _silos; silo++)
            {
                RevokesTravel(now, moves, owner, silo);
                EndsTravel(now, moves, owner, silo);
                SilosAsk(now, moves, owner, silo);
                RenewalsAreAsked(now, moves, owner, silo);
            }
        }
        for (var silo = 0; silo < _silos; silo++)
        {
            Grants(now, moves, silo);
            AnswersArrive(now, moves, silo);
            RenewalsArrive(now, moves, silo);
            PushesArrive(now, moves, silo);
            Releases(now, moves, silo);
        }
        if (bounds.NearCache)
            ClientLives(now, moves);
    }

    private void Keep(Moves moves, Move move, Guarantee broken = Guarantee.None)
    {
        ref var next = ref moves.World(moves.Count);
        Settle(ref next);
        var found = Check(ref next);
        if (forgetful)
            Forget(ref next);
        moves.Keep(move, broken == Guarantee.None ? found : broken);
    }
}
