using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    private const byte LongGone = 15;

    /// <summary>
    /// Normalizes a world, so that worlds with the same future have the same bytes: drops what can never be answered again, and counts
    /// versions from the oldest one in use. It changes no world's future, so a counterexample can be replayed without it, with the
    /// catalog's own versions.
    /// </summary>
    private void Forget(ref World world)
    {
        var oldest = OldestThatMayBeAnswered(world);
        ref var catalog = ref world.Catalog;
        if (oldest >= catalog.SqlRow)
            catalog.SqlAge = 0;
        for (var index = 0; index < 2; index++)
        {
            ref var edit = ref world.Edits[index];
            if (edit.Status == EditStatus.Unknown && edit.LateCommitOn == 0 && world.Repeats >= bounds.Repeats)
                edit.Status = EditStatus.Acknowledged;
            if (edit.Age != 0 && oldest >= edit.Row)
                edit.Age = 0;
            if (edit.Age == 0
                && (edit.Status == EditStatus.Acknowledged || edit.Status == EditStatus.Unknown && world.Repeats >= bounds.Repeats))
                edit.Row = 0;
        }
        if (bounds.Rivals)
            world.Floor = oldest;
        world.Floor = Math.Max(world.Floor, oldest);
        if (bounds.FollowClient)
            world.Client.Seen = Math.Max(world.Client.Seen, oldest);
        if (world.OwnerCrashes + world.SiloCrashes >= bounds.Crashes)
            (world.OwnerCrashes, world.SiloCrashes) = ((byte)bounds.Crashes, 0);
        if (world.OwnerCrashes >= bounds.OwnerCrashes && world.Owners[0].SafeIn == 0
            && (!bounds.Rivals || world.Owners[1] is { Alive: 1, SafeIn: 0 }))
            world.SiloLeft = 0;
        CountVersionsFrom(ref world, oldest);
    }

    private static byte OldestThatMayBeAnswered(in World world)
    {
        var oldest = world.Catalog.Row;
        for (var index = 0; index < 2; index++)
        {
            ref readonly var silo = ref world.Silos[index];
            Lower(ref oldest, silo.Row);
            Lower(ref oldest, silo.Pushes[0]);
            Lower(ref oldest, silo.Pushes[1]);
            Lower(ref oldest, silo.Unanswered);
            Lower(ref oldest, silo.Load.Row);
            ref readonly var owner = ref world.Owners[index];
            Lower(ref oldest, owner.SharedRow);
            if (owner.Round == RoundPhase.Committed)
                Lower(ref oldest, world.Edits[owner.RoundEdit - 1].Row);
        }
        Lower(ref oldest, world.Client.Row);
        Lower(ref oldest, world.Client.AnswerRow);
        Lower(ref oldest, world.Client.CheckedRow);
        return oldest;
    }

    private static void CountVersionsFrom(ref World world, byte oldest)
    {
        for (var index = 0; index < 2; index++)
        {
            Lower(ref oldest, world.Owners[index].RecordIdentity);
            Lower(ref oldest, world.Owners[index].RoundRow);
            Lower(ref oldest, world.Edits[index].LateCommitOn);
        }
        var by = (byte)(oldest - 1);
        if (by == 0)
            return;
        for (var index = 0; index < 2; index++)
        {
            ref var silo = ref world.Silos[index];
            ref var owner = ref world.Owners[index];
            ref var edit = ref world.Edits[index];
            Shift(ref silo.Row, by);
            Shift(ref silo.Pushes[0], by);
            Shift(ref silo.Pushes[1], by);
            Shift(ref silo.Unanswered, by);
            Shift(ref silo.Load.Row, by);
            Shift(ref owner.SharedRow, by);
            Shift(ref owner.RecordIdentity, by);
            Shift(ref owner.RoundRow, by);
            Shift(ref edit.LateCommitOn, by);
            Shift(ref edit.Row, by);
        }
        Shift(ref world.Client.Row, by);
        Shift(ref world.Client.AnswerRow, by);
        Shift(ref world.Client.CheckedRow, by);
        Shift(ref world.Client.Seen, by);
        Shift(ref world.Floor, by);
        Shift(ref world.Catalog.Row, by);
        ref var sql = ref world.Catalog.SqlRow;
        if (sql != LongGone && sql != 0)
            sql = sql >= oldest ? (byte)(sql - by) : LongGone;
    }

    private static void Lower(ref byte oldest, byte row)
    {
        if (row != 0 && row < oldest)
            oldest = row;
    }

    private static void Shift(ref byte row, byte by)
    {
        if (row != 0)
            row = (byte)Math.Max(1, row - by);
    }
}
