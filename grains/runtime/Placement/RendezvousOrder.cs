namespace OrleansCache.Placement;

/// <summary>
/// The order in which silos are to hold a key (rendezvous hashing; Thaler and Ravishankar, 1998): a silo that comes or
/// goes changes nothing in the order of the others. A silo counts by its name, so a restarted one is the same.
/// </summary>
internal static class RendezvousOrder
{
    /// <summary>The silo of the given rank, from 1; ranks beyond the number of silos begin again.</summary>
    public static RegionalSilo Pick(IReadOnlyList<RegionalSilo> silos, ReadOnlySpan<char> key, int rank)
    {
        var hash = KeyHash.Of(key);
        if (rank == 1)
            return silos.MaxBy(silo => Score(silo, hash))!;
        return silos.OrderByDescending(silo => Score(silo, hash)).ElementAt((rank - 1) % silos.Count);
    }

    private static ulong Score(RegionalSilo silo, ulong hash)
    {
        // The finaliser of SplitMix64: every bit of both hashes reaches every bit of the score.
        var mixed = KeyHash.Of(silo.Name) ^ hash;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }
}
