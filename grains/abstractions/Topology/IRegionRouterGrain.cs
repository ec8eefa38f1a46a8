using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>
/// The router of a region: owns its hash ring. Its key is the region's name. Lookups never ask it; it tells the region's
/// silos when the ring changes.
/// </summary>
[Alias("OrleansCache.IRegionRouterGrain")]
public interface IRegionRouterGrain : IGrainWithStringKey
{
    /// <summary>The ring as it is now.</summary>
    [Alias("GetRing")]
    Task<RegionRing> GetRingAsync();

    /// <summary>Adds a node; kept in the catalog.</summary>
    /// <param name="name">The node's name, unique in the region.</param>
    /// <param name="connection">How to reach it: a StackExchange.Redis connection string, or <c>memory:NAME</c>.</param>
    /// <param name="weight">Its share of the keys relative to the other nodes' weights; 1 to 1000, by custom 100.</param>
    /// <exception cref="InvalidTopologyException">There is such a node already, or a value cannot be used.</exception>
    [Alias("AddNode")]
    Task<RegionRing> AddNodeAsync(string name, string connection, int weight);

    /// <summary>Removes a node; kept in the catalog. Only its keys move.</summary>
    /// <exception cref="InvalidTopologyException">There is no such node.</exception>
    [Alias("RemoveNode")]
    Task<RegionRing> RemoveNodeAsync(string name);

    /// <summary>Gives a node another weight; kept in the catalog.</summary>
    /// <exception cref="InvalidTopologyException">There is no such node, or the weight is not 1 to 1000.</exception>
    [Alias("WeighNode")]
    Task<RegionRing> SetNodeWeightAsync(string name, int weight);

    /// <summary>What each silo of the region has counted since it started.</summary>
    [Alias("GetStatistics")]
    Task<SiloStatistics[]> GetStatisticsAsync();

    /// <summary>Where the region holds a book now; activates nothing, counts as no read and renews nothing.</summary>
    /// <exception cref="InvalidKeyException">The key cannot be one.</exception>
    [AlwaysInterleave, Alias("Peek")]
    Task<RegionInspection> PeekAsync(string key);

    /// <summary>Has the region's silos, the clients below them and its nodes let go of copies; the catalog keeps its books.</summary>
    /// <param name="books">The keys of the books; null for all that the region holds.</param>
    /// <exception cref="InvalidKeyException">A key cannot be one; nothing was dropped.</exception>
    [AlwaysInterleave, Alias("Purge")]
    Task<RegionPurge> PurgeAsync(string[]? books);
}
