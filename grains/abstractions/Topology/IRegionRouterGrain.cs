using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>
/// The router grain of a region: owns its hash ring, that is, decides which nodes are on it with which weights, and publishes every
/// change to the region's silos. Its key is the region's name. Lookups do not call it, because silos have their own copy of the ring. It
/// is also where the region's statistics, inspections and purges are requested.
/// </summary>
[Alias("OrleansCache.IRegionRouterGrain")]
internal interface IRegionRouterGrain : IGrainWithStringKey
{
    /// <summary>The current ring.</summary>
    [Alias("GetRing")]
    Task<RegionRing> GetRingAsync();

    /// <summary>Adds a node; stored in the catalog.</summary>
    /// <param name="name">The node's name, unique in the region.</param>
    /// <param name="connection">A StackExchange.Redis connection string, or <c>memory:NAME</c>.</param>
    /// <param name="weight">Its share of the keys, relative to the other nodes' weights; 1 to 1000. Default: 100.</param>
    /// <exception cref="InvalidTopologyException">The name is in use, or a value is invalid.</exception>
    [Alias("AddNode")]
    Task<RegionRing> AddNodeAsync(string name, string connection, int weight);

    /// <summary>Removes a node; stored in the catalog. Only its keys move.</summary>
    /// <exception cref="InvalidTopologyException">The node is unknown.</exception>
    [Alias("RemoveNode")]
    Task<RegionRing> RemoveNodeAsync(string name);

    /// <summary>Sets a node's weight; stored in the catalog.</summary>
    /// <exception cref="InvalidTopologyException">The node is unknown, or the weight is not from 1 to 1000.</exception>
    [Alias("WeighNode")]
    Task<RegionRing> SetNodeWeightAsync(string name, int weight);

    /// <summary>The statistics of each silo of the region.</summary>
    [Alias("GetStatistics")]
    Task<SiloStatistics[]> GetStatisticsAsync();

    /// <summary>The keys that are looked up most at each silo of the region, which count them for a while from here.</summary>
    [AlwaysInterleave, Alias("GetHotKeys")]
    Task<SiloHotKeys[]> GetHotKeysAsync();

    /// <summary>Where the region holds an entry now. Activates no grain, counts as no use and renews no lease.</summary>
    /// <exception cref="InvalidKeyException">The key is invalid.</exception>
    [AlwaysInterleave, Alias("Peek")]
    Task<RegionInspection> PeekAsync(string key);

    /// <summary>Removes entries from the region's silos, their clients' near caches and its nodes, not from the catalog.</summary>
    /// <param name="keys">Their keys; null for all entries.</param>
    /// <exception cref="InvalidKeyException">A key is invalid; nothing was removed.</exception>
    [AlwaysInterleave, Alias("Purge")]
    Task<RegionPurge> PurgeAsync(string[]? keys);
}
