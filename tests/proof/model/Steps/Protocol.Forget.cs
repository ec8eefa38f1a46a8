using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    private const byte LongGone = 15;

    /// <summary>
    /// Normalizes a world, so that worlds with the same future have the same bytes: drops what can never be answered again, and counts
    /// versions and numbers of volume leases from the oldest one in use. It changes no world's future, so a counterexample can be replayed
    /// without it, with the catalog's own versions.
    /// </summary>
    private void Forget(ref World world)
    {
        for (var owner = 0; owner < 2; owner++)
            ForgetReplaced(ref world, owner);
        for (var silo = 0; silo < 2; silo++)
            ForgetEnded(ref world, silo);
        var oldest = OldestThatMayBeAnswered(world);
        ref var catalog = ref world.Catalog;
        if (oldest >= catalog.SqlRow)
            catalog.SqlAge = 0;
        for (var index = 0; index < 2; index++)
        {
            ref var edit = ref world.Edits[index];
            if (edit.Status == EditStatus.Unknown && edit.LateCommitOn == 0 && world.Repeats >= bounds.Repeats)
                edit.Status = EditStatus.Acknowledged;
            if (edit.Status == EditStatus.Acknowledged || edit.Status == EditStatus.Unknown && world.Repeats >= bounds.Repeats)
                edit.Row = 0;
        }
        world.Floor = Math.Max(world.Floor, oldest);
        if (bounds.FollowClient)
            world.Client.Seen = Math.Max(world.Client.Seen, oldest);
        if (world.OwnerChanges >= bounds.OwnerChanges && world.Owners[0].SafeIn == 0 && world.Owners[1].SafeIn == 0)
            world.SiloLeft = 0;
        CountVersionsFrom(ref world, oldest);
        CountNumbersAnew(ref world);
    }

    /// <summary>
    /// An owner that was replaced can no more move its anchor or commit. Once that is too old for a lease and all that it has granted has
    /// ended, it can only revoke in vain, unless its reads are answered without a lease.
    /// </summary>
    private void ForgetReplaced(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        if (owner.Alive == 0 || owner.Current != 0 || !rules.EpochChecksFeed)
            return;
        owner.Unread = 0;
        if (rules.EpochChecksCommit && rules.LeaseCountsFromAnchor && rules.AnswerWithoutCommitChecksEpoch && !bounds.UnleasedAnswers
            && rules.GrantFromKnowledgeNeedsLease && rules.SharedReadNeedsLease && rules.AnchorIsTheStartOfTheRead
            && owner.Round == RoundPhase.Free && owner.AnchorAge >= _lease && (owner.FeedRow == 0 || owner.FeedAge >= _lease)
            && owner.Holders[0].Until == 0 && owner.Holders[1].Until == 0)
            End(ref world, index);
    }

    /// <summary>An entry of a volume lease that has ended and that nobody will extend is never used again.</summary>
    private void ForgetEnded(ref World world, int index)
    {
        ref var silo = ref world.Silos[index];
        var number = silo.Volume.Number;
        if (number == 0 || silo.Volume.Left != 0 || !rules.LaterGenerationSuspends || silo.Renewal.Lease.Number == number
            || silo.Load.Lease.Number == number || world.Owners[0].Holders[index].Number == number
            || world.Owners[1].Holders[index].Number == number)
            return;
        silo.Row = silo.Own = 0;
        if (IsHigher(silo.Renewal.Lease.Number, number) && IsHigher(silo.Load.Lease.Number, number)
            && IsHigher(silo.Pushes[0].Number, number) && IsHigher(silo.Pushes[1].Number, number)
            && IsHigher(world.Owners[0].Holders[index].Number, number) && IsHigher(world.Owners[1].Holders[index].Number, number))
            silo.Volume.Number = 0;
    }

    private static bool IsHigher(byte inUse, byte number) => inUse == 0 || inUse > number;

    private static byte OldestThatMayBeAnswered(in World world)
    {
        var oldest = world.Catalog.Row;
        for (var index = 0; index < 2; index++)
        {
            ref readonly var silo = ref world.Silos[index];
            Lower(ref oldest, silo.Row);
            Lower(ref oldest, silo.Pushes[0].Row);
            Lower(ref oldest, silo.Pushes[1].Row);
            Lower(ref oldest, silo.Unanswered);
            Lower(ref oldest, silo.Load.Row);
            ref readonly var owner = ref world.Owners[index];
            Lower(ref oldest, owner.SharedRow);
            Lower(ref oldest, owner.Identity);
            if (owner.Round == RoundPhase.Committed)
                Lower(ref oldest, world.Edits[owner.RoundEdit - 1].Row);
        }
        Lower(ref oldest, world.Client.Row);
        Lower(ref oldest, world.Client.AnswerRow);
        Lower(ref oldest, world.Client.Checked);
        return oldest;
    }

    private static void CountVersionsFrom(ref World world, byte oldest)
    {
        for (var index = 0; index < 2; index++)
        {
            Lower(ref oldest, world.Owners[index].RoundRow);
            Lower(ref oldest, world.Owners[index].FeedRow);
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
            Shift(ref silo.Pushes[0].Row, by);
            Shift(ref silo.Pushes[1].Row, by);
            Shift(ref silo.Unanswered, by);
            Shift(ref silo.Load.Row, by);
            Shift(ref owner.SharedRow, by);
            Shift(ref owner.Identity, by);
            Shift(ref owner.RoundRow, by);
            Shift(ref owner.FeedRow, by);
            Shift(ref edit.LateCommitOn, by);
            Shift(ref edit.Row, by);
        }
        Shift(ref world.Client.Row, by);
        Shift(ref world.Client.AnswerRow, by);
        Shift(ref world.Client.Checked, by);
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
