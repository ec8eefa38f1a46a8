using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    private void CatalogChanges(in World now, Moves moves)
    {
        if (bounds.SqlEdit && now.Catalog.SqlRow == 0)
        {
            ref var next = ref moves.Next(now);
            next.Catalog.SqlRow = Write(ref next);
            next.Catalog.SqlAge = 1;
            Keep(moves, Move.Of(Step.SqlEditLands));
        }
        for (var edit = 0; edit < 2; edit++)
        {
            if (now.Edits[edit].LateCommitOn == 0 || now.Edits[edit].LateCommitOn != now.Catalog.Row)
                continue;
            ref var next = ref moves.Next(now);
            next.Edits[edit].LateCommitOn = 0;
            next.Edits[edit].Row = Write(ref next);
            Keep(moves, Move.Of(Step.LateCommitLands, 0, 0, edit));
        }
    }

    /// <summary>A write of the row, which the change feed reports.</summary>
    private static byte Write(ref World world)
    {
        world.Owners[0].Unread = world.Owners[0].Alive;
        world.Owners[1].Unread = world.Owners[1].Alive;
        return ++world.Catalog.Row;
    }
}
