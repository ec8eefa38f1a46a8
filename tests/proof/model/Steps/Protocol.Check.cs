using OrleansCache.Model.Rules;
using OrleansCache.Model.State;

namespace OrleansCache.Model.Steps;

internal sealed partial class Protocol
{
    /// <summary>
    /// Performs every lookup that is possible now. A lookup in memory changes nothing but what later lookups must see, so performing each
    /// as early as possible finds every contradiction that any order of lookups can cause.
    /// </summary>
    private Guarantee Check(ref World world)
    {
        ref var client = ref world.Client;
        byte oldest = byte.MaxValue, newest = 0;
        See(world.Silos[0].Row, ref oldest, ref newest);
        See(world.Silos[1].Row, ref oldest, ref newest);
        See(client.Row, ref oldest, ref newest);
        if (bounds.FollowClient && !ClientIsMonotonic(ref world))
            return Guarantee.Monotonic;
        if (oldest < OldestWithinLease(world))
            return Guarantee.Bounded;
        if (bounds.Rivals)
            return Guarantee.None;
        world.Floor = Math.Max(world.Floor, FloorOf(newest, world));
        return oldest < world.Floor ? Guarantee.Coherent : Guarantee.None;
    }

    private static void See(byte row, ref byte oldest, ref byte newest)
    {
        if (row == 0)
            return;
        oldest = Math.Min(oldest, row);
        newest = Math.Max(newest, row);
    }

    /// <summary>
    /// What later lookups must see after one that saw <paramref name="row"/>: the newest version up to it that was written through an
    /// owner.
    /// </summary>
    private byte FloorOf(byte row, in World world) =>
        row != 0 && row == world.Catalog.SqlRow && !bounds.SqlIsLinearizable ? (byte)(row - 1) : row;

    /// <summary>
    /// The newest version that was acknowledged, or written by SQL, at least one lease ago: one tick stricter than the design requires.
    /// </summary>
    private byte OldestWithinLease(in World world)
    {
        byte row = 0;
        if (world.Catalog.SqlAge > _lease)
            row = world.Catalog.SqlRow;
        for (var edit = 0; edit < 2; edit++)
        {
            if (world.Edits[edit].Age > _lease)
                row = Math.Max(row, world.Edits[edit].Row);
        }
        return row;
    }

    private bool ClientIsMonotonic(ref World world)
    {
        byte oldest = byte.MaxValue, newest = 0;
        See(world.Client.Row != 0 ? world.Client.Row : world.Silos[Home].Row, ref oldest, ref newest);
        if (bounds.ClientMoves)
            See(world.Silos[1].Row, ref oldest, ref newest);
        world.Client.Seen = Math.Max(world.Client.Seen, newest);
        return oldest >= world.Client.Seen;
    }
}
