using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    private void FeedIsRead(in World now, Moves moves, int index)
    {
        ref readonly var owner = ref now.Owners[index];
        if (owner.FeedRow != 0 || owner.FeedEmpty != 0)
        {
            ref var next = ref moves.Next(now);
            WorkOff(ref next, index);
            Keep(moves, Move.Of(Step.FeedWorkedOff, 0, index));
            return;
        }
        if (owner.Current == 0 && rules.EpochChecksFeed)
            return;
        if (owner.Unread != 0 || !rules.AnchorIsTheStartOfTheRead)
        {
            ref var next = ref moves.Next(now);
            ref var reader = ref next.Owners[index];
            (reader.FeedRow, reader.FeedEmpty) = owner.Unread != 0 ? (now.Catalog.Row, (byte)0) : ((byte)0, (byte)1);
            reader.Unread = 0;
            if (!rules.FeedIsWorkedOffFirst)
                reader.AnchorAge = 0;
            Keep(moves, Move.Of(Step.FeedRead, 0, index));
        }
        else if (owner.AnchorAge != 0)
        {
            ref var next = ref moves.Next(now);
            next.Owners[index].AnchorAge = 0;
            Keep(moves, Move.Of(Step.FeedRead, 1, index));
        }
        if (now.FeedBreaks < bounds.FeedBreaks)
        {
            ref var next = ref moves.Next(now);
            next.FeedBreaks++;
            BreakFeed(ref next, index);
            Keep(moves, Move.Of(Step.FeedBreaks, 0, index));
        }
    }

    /// <summary>
    /// Everybody who has another row than the changed one is revoked. As soon as that has begun, the anchor moves: renewals name the book.
    /// </summary>
    private void WorkOff(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        var row = owner.FeedRow;
        if (rules.FeedIsWorkedOffFirst)
            owner.AnchorAge = rules.AnchorIsTheStartOfTheRead ? owner.FeedAge : (byte)0;
        owner.FeedRow = owner.FeedAge = owner.FeedEmpty = 0;
        if (row == 0)
            return;
        if (rules.FeedVoidsReads)
            InvalidateReads(ref world, index);
        if (owner.Round == RoundPhase.Committed && row > world.Edits[owner.RoundEdit - 1].Row)
            owner.Overtaken = 1;
        if (owner.Round == RoundPhase.Free && owner.Identity != 0 && owner.Identity != row && rules.FeedFindsOutOfBandWrites)
            StartRevoking(ref world, index, ask: true);
    }

    /// <summary>
    /// The feed cannot be continued: a new one begins here, and all holders lapse at once. What they still have is waited for before
    /// anything is committed, as by a new owner, but no acknowledgement shortens this wait: these leases are of the present epoch.
    /// </summary>
    private void BreakFeed(ref World world, int index)
    {
        ref var owner = ref world.Owners[index];
        InvalidateReads(ref world, index);
        owner.AnchorAge = owner.Unread = 0;
        for (var silo = 0; silo < 2; silo++)
        {
            ref var holder = ref owner.Holders[silo];
            if (rules.BrokenFeedHoldsEdits)
                Raise(ref owner.SafeIn, holder.Until);
            Lapse(ref holder);
        }
        if (rules.BrokenFeedHoldsEdits)
        {
            Raise(ref owner.SafeIn, owner.LostUntil);
            owner.Ends = default;
        }
        if (owner.Round == RoundPhase.Committed)
            owner.Overtaken = 1;
        if (owner.Round != RoundPhase.Revoking)
            owner.Identity = owner.LostUntil = 0;
    }
}
