using OrleansCache.Model.Rules;
using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

/// <summary>
/// The lease protocol as a set of moves between worlds. Whatever a process decides within one turn is one move; whatever needs a message is
/// two moves, with anything in between. Some messages are merged where a delay could only make the receiver more conservative: a silo's
/// request arrives at once (a delay would shorten its lease and age its lookup); an invalidated read, or a response that will be discarded,
/// disappears at once (the silo asks again); a client acknowledges in the step in which it is revoked; a renewal is a grant of the same
/// row.
/// </summary>
internal sealed partial class Protocol(ProtocolRules rules, Bounds bounds, bool forgetful)
{
    private const int Home = 0;
    private const int LostIncarnation = 4;
    private readonly int _lease = bounds.Lease;
    private readonly int _allowance = (bounds.DriftAtWorst ? 0 : 1) - (rules.DriftIsAllowedFor ? 0 : 1);

    /// <summary>The initial world: version 1 in the catalog, one owner that may commit, no entries.</summary>
    public World First()
    {
        var world = new World { Floor = 1 };
        world.Catalog.Row = 1;
        if (rules.FirstGrants == FirstGrants.RestedRows)
            world.Catalog.Rested = (byte)_lease;
        world.Owners[0].Alive = 1;
        return world;
    }

    /// <summary>Fills <paramref name="moves"/> with every possible move.</summary>
    public void Explore(in World now, Moves moves)
    {
        moves.Clear();
        TimePasses(now, moves);
        CatalogChanges(now, moves);
        ProcessesFail(now, moves);
        for (var owner = 0; owner < 2; owner++)
        {
            if (now.Owners[owner].Alive == 0)
                continue;
            EditsBegin(now, moves, owner);
            EditsGoOn(now, moves, owner);
            for (var silo = 0; silo < 2; silo++)
            {
                RevokesTravel(now, moves, owner, silo);
                DropsTravel(now, moves, owner, silo);
                ReadsBegin(now, moves, owner, silo);
                PushesArrive(now, moves, owner, silo);
            }
        }
        for (var silo = 0; silo < 2; silo++)
        {
            Grants(now, moves, silo);
            AnswersArrive(now, moves, silo);
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
