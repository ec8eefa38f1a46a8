using System.Collections.Immutable;

namespace OrleansCache.Placement;

/// <summary>A silo that may be chosen for a key.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Hash">The hash of its name, so that a restarted silo keeps its keys.</param>
internal readonly record struct Candidate(SiloAddress Address, ulong Hash);

/// <summary>
/// The order of a region's silos for a key (rendezvous hashing; Thaler and Ravishankar, 1998): a silo that joins or leaves does not
/// change the order of the others.
/// </summary>
internal static class RendezvousOrder
{
    /// <summary>The silo at a position in the order of a key.</summary>
    /// <param name="silos">The silos; at least one.</param>
    /// <param name="key">The text that is hashed.</param>
    /// <param name="rank">The position, from 1; positions beyond the number of silos wrap around.</param>
    public static RegionalSilo Pick(IReadOnlyList<RegionalSilo> silos, ReadOnlySpan<char> key, int rank)
    {
        var address = Pick([.. silos.Select(silo => new Candidate(silo.Address, KeyHash.Of(silo.Name)))], KeyHash.Of(key), rank);
        return silos.First(silo => silo.Address.Equals(address));
    }

    /// <summary>As the other overload, with the hash of the key.</summary>
    public static SiloAddress Pick(ImmutableArray<Candidate> silos, ulong key, int rank)
    {
        if (rank > 1)
            return silos.OrderByDescending(silo => Score(silo.Hash, key)).ElementAt((rank - 1) % silos.Length).Address;
        var (best, most) = (silos[0].Address, Score(silos[0].Hash, key));
        for (var i = 1; i < silos.Length; i++)
        {
            if (Score(silos[i].Hash, key) is var score && score > most)
                (best, most) = (silos[i].Address, score);
        }

        return best;
    }

    private static ulong Score(ulong silo, ulong key)
    {
        // The finalizer of SplitMix64 (Steele, Lea, Flood, 2014): every bit of both hashes influences every bit of the score.
        var mixed = silo ^ key;
        mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
        return mixed ^ (mixed >> 31);
    }
}
