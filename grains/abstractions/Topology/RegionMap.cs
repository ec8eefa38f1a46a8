using System.Collections.Immutable;

namespace OrleansCache;

/// <summary>The regions of a cluster, the home region, and the fallback order of each. Immutable.</summary>
public sealed class RegionMap
{
    private const int MaxNameLength = 32;

    private readonly Dictionary<string, ImmutableArray<string>> _orders;
    private readonly HashRing _ring;

    /// <summary>Makes a map.</summary>
    /// <exception cref="InvalidTopologyException">
    /// A name is invalid or not unique, or the home region or a fallback is not one of the regions.
    /// </exception>
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
            {
                throw new InvalidTopologyException(
                    $"\"{name}\" is not a valid region name: use 1 to {MaxNameLength} lower case letters, digits and hyphens.");
            }
        }

        if (Names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InvalidTopologyException($"The region \"{twice.Key}\" is configured twice; names must be unique.");
        if (!Names.Contains(home))
            throw new InvalidTopologyException($"The home region \"{home}\" is not configured; the regions are {Known}.");
        _orders = all.ToDictionary(region => region.Name, Order);
        _ring = HashRing.Create(0, Names.Select(name => new RingMember(name)));
    }

    /// <summary>The regions in the configured order.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>The region of the catalog.</summary>
    public string Home { get; }

    private string Known => string.Join(", ", Names);

    /// <summary>Whether a text is a valid region name: 1 to 32 lower case letters, digits and hyphens.</summary>
    public static bool IsName(string? text) =>
        text is { Length: >= 1 and <= MaxNameLength } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    /// <summary>Whether a region is configured.</summary>
    public bool Contains(string region) => _orders.ContainsKey(region);

    /// <summary>The regions in the order in which a reader of this one uses them: itself, its fallbacks, then the others.</summary>
    /// <exception cref="UnknownRegionException">The region is not configured.</exception>
    public ImmutableArray<string> OrderFrom(string region) =>
        _orders.TryGetValue(region, out var order)
            ? order
            : throw new UnknownRegionException($"There is no region \"{region}\"; the regions are {Known}.");

    /// <summary>The region for a reader whose own is unknown, chosen by the key.</summary>
    public string PickFor(string key) => _ring.MemberOf(key)!;

    /// <summary>The region for a reader whose own is unknown, chosen by the key.</summary>
    public string PickFor(CacheKey key) => _ring.Members[_ring.IndexOf(key.Hash)].Name;

    private ImmutableArray<string> Order(RegionDefinition region)
    {
        foreach (var name in region.Fallback)
        {
            if (!Names.Contains(name) || name == region.Name)
            {
                throw new InvalidTopologyException(
                    $"The region \"{region.Name}\" falls back to \"{name}\", which is not another region; the regions are {Known}.");
            }
        }

        return [region.Name, .. region.Fallback.Concat(Names).Where(name => name != region.Name).Distinct()];
    }
}
