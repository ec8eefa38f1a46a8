namespace OrleansCache.Placement;

/// <summary>
/// The order of a region's silos for a key (rendezvous hashing; Thaler and Ravishankar, 1998): a silo that joins or leaves does not
/// change the order of the others. A silo is hashed by its name, so a restarted one keeps its keys.
/// </summary>
internal static class RendezvousOrder
{
    /// <summary>The silo at a position in the order of a key.</summary>
    /// <param name="silos">The silos; at least one.</param>
    /// <param name="key">The text that is hashed.</param>
    /// <param name="rank">The position, from 1; positions beyond the number of silos wrap around.</param>
    public static RegionalSilo Pick(IReadOnlyList<RegionalSilo> silos, ReadOnlySpan<char> key, int rank)
    {
        var hash = KeyHash.Of(key);
        if (rank == 1)
            return silos.MaxBy(silo => Score(silo, hash))!;
        return silos.OrderByDescending(silo => Score(silo, hash)).ElementAt((rank - 1) % silos.Count);
    }

    private static ulong Score(RegionalSilo silo, ulong hash)
    {
        // The finalizer of SplitMix64 (Steele, Lea, Flood, 2014): every bit of both hashes influences every bit of the score.
        var mixed = KeyHash.Of(silo.Name) ^ hash;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }
}
