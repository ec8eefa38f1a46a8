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
        byte oldest = byte.MaxValue, newest = 0;
        See(AtSilo(world, 0), ref oldest, ref newest);
        See(AtSilo(world, 1), ref oldest, ref newest);
        See(AtClient(world), ref oldest, ref newest);
        if (bounds.FollowClient && !ClientIsMonotonic(ref world))
            return Guarantee.Monotonic;
        if (oldest < OldestWithinLease(world))
            return Guarantee.Bounded;
        world.Floor = Math.Max(world.Floor, FloorOf(newest, world));
        return oldest < world.Floor ? Guarantee.Coherent : Guarantee.None;
    }

    private static byte AtSilo(in World world, int silo) => world.Silos[silo].Usable ? world.Silos[silo].Row : (byte)0;

    private static byte AtClient(in World world) => world.Client.Usable ? world.Client.Row : (byte)0;

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
    /// The version that was written by SQL at least one lease ago: one tick stricter than the design requires. What G2 says about edits
    /// follows from G1.
    /// </summary>
    private byte OldestWithinLease(in World world) => world.Catalog.SqlAge > _lease ? world.Catalog.SqlRow : (byte)0;

    private bool ClientIsMonotonic(ref World world)
    {
        byte oldest = byte.MaxValue, newest = 0;
        See(world.Client.Usable ? world.Client.Row : AtSilo(world, Home), ref oldest, ref newest);
        if (bounds.ClientMoves)
            See(AtSilo(world, 1), ref oldest, ref newest);
        world.Client.Seen = Math.Max(world.Client.Seen, newest);
        return oldest >= world.Client.Seen;
    }
}
