using System.Buffers.Text;
using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;

namespace OrleansCache.Placement;

/// <summary>One version of the membership, arranged for the bytes of keys. Immutable.</summary>
internal sealed class PlaceMap
{
    private readonly ImmutableArray<(byte[] Region, ImmutableArray<Candidate> Silos)> _regions;
    private readonly Dictionary<IdSpan, SiloAddress> _named = [];

    public PlaceMap(ClusterMembershipSnapshot snapshot)
    {
        Version = snapshot.Version;
        // A silo that is leaving takes no books any more, but it still answers for its leases.
        foreach (var member in snapshot.Members.Values.Where(member =>
            member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping))
            _named[IdSpan.Create(member.SiloAddress.ToParsableString())] = member.SiloAddress;
        _regions =
        [
            .. snapshot.Members.Values
                .Where(member => member.Status is SiloStatus.Active && SiloName.RegionOf(member.Name) is not null)
                .GroupBy(member => SiloName.RegionOf(member.Name)!)
                .Select(region => (
                    Encoding.UTF8.GetBytes(region.Key),
                    region.Select(member => new Candidate(member.SiloAddress, KeyHash.Of(member.Name))).ToImmutableArray())),
        ];
    }

    public MembershipVersion Version { get; }

    public SiloAddress? Named(IdSpan key) => _named.GetValueOrDefault(key);

    /// <summary>The silo of a book grain, whose key is read as <see cref="BookGrainKey.Parse"/> does; null when there is none.</summary>
    public SiloAddress? SiloOf(ReadOnlySpan<byte> key)
    {
        var slash = key.IndexOf((byte)'/');
        if (slash <= 0)
            return null;
        var region = key[..slash];
        var rank = 1;
        if (region.IndexOf((byte)'.') is > 0 and var dot)
        {
            if (!Utf8Parser.TryParse(region[(dot + 1)..], out rank, out var read)
                || read != slash - dot - 1 || rank is < 2 or > BookGrainKey.MaxRank)
                return null;
            region = region[..dot];
        }

        foreach (var (name, silos) in _regions)
        {
            if (region.SequenceEqual(name))
                return silos.Length == 1 ? silos[0].Address : RendezvousOrder.Pick(silos, XxHash64.HashToUInt64(key[(slash + 1)..]), rank);
        }

        return null;
    }

    /// <summary>Whether a silo comes first in the order of a key among the silos of its region.</summary>
    public bool IsFirst(SiloAddress silo, ulong hash)
    {
        foreach (var (_, silos) in _regions)
        {
            foreach (var candidate in silos)
            {
                if (candidate.Address.Equals(silo))
                    return RendezvousOrder.Pick(silos, hash, rank: 1).Equals(silo);
            }
        }

        return false;
    }
}
