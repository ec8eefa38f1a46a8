using System.Collections.Immutable;

namespace OrleansCache;

/// <summary>The regions of a cluster: which there are, which is home, and where to go when one of them is gone. Immutable.</summary>
public sealed class RegionMap
{
    private const int MaxNameLength = 32;

    private readonly Dictionary<string, ImmutableArray<string>> _orders;
    private readonly HashRing _ring;

    /// <summary>Makes a map.</summary>
    /// <exception cref="InvalidTopologyException">A name cannot be one, stands twice, or a fallback or the home region is not among the regions.</exception>
    public RegionMap(IEnumerable<RegionDefinition> regions, string home)
    {
        var all = regions.ToImmutableArray();
        Names = [.. all.Select(region => region.Name)];
        Home = home;
        if (Names.IsEmpty)
            throw new InvalidTopologyException("No region is configured; name at least one.");
        foreach (var name in Names)
        {
            if (!IsName(name))
                throw new InvalidTopologyException($"\"{name}\" cannot be a region's name: use lower case letters, digits and hyphens, 1 to {MaxNameLength} characters.");
        }

        if (Names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidTopologyException($"The region \"{twice.Key}\" is configured twice; names are unique.");
        if (!Names.Contains(home))
            throw new InvalidTopologyException($"The home region \"{home}\" is not configured; the regions are {Known}.");
        _orders = all.ToDictionary(region => region.Name, Order);
        _ring = HashRing.Create(0, Names.Select(name => new RingMember(name)));
    }

    /// <summary>The regions in the configured order.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The region that the catalog is in.</summary>
    public string Home { get; }

    private string Known => string.Join(", ", Names);

    /// <summary>Whether a text may be a region's name.</summary>
    public static bool IsName(string? text) =>
        text is { Length: >= 1 and <= MaxNameLength } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Whether there is such a region.</summary>
    public bool Contains(string region) => _orders.ContainsKey(region);

    /// <summary>The regions to ask for a reader of this one: itself, its fallbacks, then the others.</summary>
    /// <exception cref="UnknownRegionException">There is no such region.</exception>
    public ImmutableArray<string> OrderFrom(string region) =>
        _orders.TryGetValue(region, out var order)
            ? order
            : throw new UnknownRegionException($"There is no region \"{region}\"; the regions are {Known}.");

    /// <summary>The region that answers for a book when the reader's own is not known.</summary>
    public string PickFor(string key) => _ring.MemberOf(key)!;

    /// <summary>The region that answers for a key when the reader's own is not known, by the hash that the key carries.</summary>
    public string PickFor(CacheKey key) => _ring.Members[_ring.IndexOf(key.Hash)].Name;

    private ImmutableArray<string> Order(RegionDefinition region)
    {
        foreach (var name in region.Fallback)
        {
            if (!Names.Contains(name) || name == region.Name)
                throw new InvalidTopologyException($"The region \"{region.Name}\" falls back to \"{name}\", which is not another region; the regions are {Known}.");
        }

        return [region.Name, .. region.Fallback.Concat(Names).Where(name => name != region.Name).Distinct()];
    }
}
