using System.Collections.Immutable;

namespace OrleansCache.Client;

/// <summary>The operations of an operator: inspect rings, statistics and entries, change nodes, purge entries, fill the catalog.</summary>
public interface ICacheOperations
{
    /// <summary>The state of this client's connection to a region; sends nothing.</summary>
    /// <exception cref="UnknownRegionException">The region is not configured; the message names those that are.</exception>
    RegionConnection ConnectionOf(string region);

    /// <summary>The current hash ring of a region.</summary>
    /// <exception cref="UnknownRegionException">The region is not configured; the message names those that are.</exception>
    /// <exception cref="RegionUnavailableException">The region did not answer.</exception>
    Task<RegionRing> GetRingAsync(string region, CancellationToken cancellation = default);

    /// <summary>Adds a node to a region; only the keys that the node gets move.</summary>
    /// <param name="region">The region.</param>
    /// <param name="name">The node's name, unique in the region.</param>
    /// <param name="connection">A StackExchange.Redis connection string, or <c>memory:NAME</c>.</param>
    /// <param name="weight">Its share of the keys relative to the other nodes' weights; 1 to 1000, 100 by default.</param>
    /// <param name="cancellation">Cancels the wait; the change may be made nevertheless.</param>
    /// <returns>The ring after the change.</returns>
    /// <exception cref="InvalidTopologyException">There is such a node already, or a value is invalid.</exception>
    /// <exception cref="UnknownRegionException">The region is not configured.</exception>
    /// <exception cref="RegionUnavailableException">The region did not answer; whether the change was made is not known.</exception>
    Task<RegionRing> AddNodeAsync(
        string region, string name, string connection, int weight = HashRing.DefaultWeight, CancellationToken cancellation = default);

    /// <summary>Removes a node from a region; only its keys move. The errors are those of <see cref="AddNodeAsync"/>.</summary>
    Task<RegionRing> RemoveNodeAsync(string region, string name, CancellationToken cancellation = default);

    /// <summary>Changes a node's weight. The errors are those of <see cref="AddNodeAsync"/>.</summary>
    Task<RegionRing> SetNodeWeightAsync(string region, string name, int weight, CancellationToken cancellation = default);

    /// <summary>The counters of each silo of a region since it started.</summary>
    /// <exception cref="UnknownRegionException">The region is not configured.</exception>
    /// <exception cref="RegionUnavailableException">The region did not answer.</exception>
    Task<IReadOnlyList<SiloStatistics>> GetStatisticsAsync(string region, CancellationToken cancellation = default);

    /// <summary>
    /// The keys that are looked up most at each silo of a region. The silos count them only while somebody asks, and for ten seconds from
    /// then on, so that the first answer has none. Lookups that a near cache answers reach no silo.
    /// </summary>
    /// <exception cref="UnknownRegionException">The region is not configured.</exception>
    /// <exception cref="RegionUnavailableException">The region did not answer.</exception>
    Task<IReadOnlyList<SiloHotKeys>> GetHotKeysAsync(string region, CancellationToken cancellation = default);

    /// <summary>What the catalog holds of a key now, as the key's owner reads it. No copy is replaced or renewed.</summary>
    /// <exception cref="InvalidKeyException">The key is invalid.</exception>
    /// <exception cref="CatalogUnavailableException">The catalog could not be read.</exception>
    /// <exception cref="RegionUnavailableException">The owner did not answer.</exception>
    Task<CatalogInspection> PeekCatalogAsync(string key, CancellationToken cancellation = default);

    /// <summary>
    /// Where a region holds an entry now: in which silos' memory and in which node. Nothing is loaded, renewed or counted.
    /// </summary>
    /// <exception cref="InvalidKeyException">The key is invalid.</exception>
    /// <exception cref="UnknownRegionException">The region is not configured.</exception>
    /// <exception cref="RegionUnavailableException">The region did not answer.</exception>
    Task<RegionInspection> PeekAsync(string region, string key, CancellationToken cancellation = default);

    /// <summary>
    /// Drops entries of a region: those of its silos, of the near caches below them and of its nodes. The catalog is not changed, so the
    /// next lookup of a key loads it again.
    /// </summary>
    /// <param name="region">The region.</param>
    /// <param name="keys">The keys; null for all entries of the region.</param>
    /// <param name="cancellation">Cancels the wait; the entries may be dropped nevertheless.</param>
    /// <returns>The silos and nodes that have done it, and those that did not answer in time.</returns>
    /// <exception cref="InvalidKeyException">A key is invalid; nothing was dropped.</exception>
    /// <exception cref="UnknownRegionException">The region is not configured.</exception>
    /// <exception cref="RegionUnavailableException">The region did not answer; dropping again is safe.</exception>
    Task<RegionPurge> PurgeAsync(string region, IReadOnlyCollection<string>? keys, CancellationToken cancellation = default);

    /// <summary>
    /// Stores books through their owners, several slots at a time. Where a key occurs twice, the last book is stored. Storing the same book
    /// again changes nothing, so a call that failed may be repeated.
    /// </summary>
    /// <returns>The outcome of each book, in order.</returns>
    /// <exception cref="InvalidKeyException">A key is invalid; nothing was stored.</exception>
    /// <exception cref="CatalogUnavailableException">The catalog could not be written; some books may have been stored.</exception>
    /// <exception cref="OutcomeUnknownException">The catalog or an owner was lost meanwhile; some books may have been stored.</exception>
    /// <exception cref="RegionUnavailableException">No owner answered; some books may have been stored.</exception>
    Task<EditOutcome[]> StoreAsync(IReadOnlyList<KeyedPayload> books, CancellationToken cancellation = default);

    /// <summary>
    /// Reads all books of the catalog in the order of their keys' bytes, some hundred with a call. Each call sees the catalog as it is
    /// then: a book that is edited meanwhile is read as it was before or after. No copy is loaded, replaced or renewed.
    /// </summary>
    /// <exception cref="CatalogUnavailableException">The catalog could not be read.</exception>
    /// <exception cref="RegionUnavailableException">No silo answered.</exception>
    /// <exception cref="NotPermittedException">The cluster asks operators for a token, and this client has none or another one.</exception>
    IAsyncEnumerable<KeyedPayload> ReadAllAsync(CancellationToken cancellation = default);
}

/// <summary>The state of a client's connection to a region.</summary>
/// <param name="Region">The region.</param>
/// <param name="Gateways">The known gateways as <c>host:port</c>, one for each silo; empty before they have been found.</param>
/// <param name="IsConnected">Whether the region's client is connected; it reconnects by itself.</param>
/// <param name="Problem">Why the region is not connected, or null.</param>
/// <param name="RoundTrip">The round trip between this client and the region's gateways, the shortest of the last few pings; null while it
/// is not measured.</param>
/// <param name="OwnerRoundTrip">The round trip between the region's silos and the owners, as they last measured it; null while it is not
/// known.</param>
/// <param name="IsTried">Whether a first try to connect has ended, whatever became of it.</param>
public sealed record RegionConnection(
    string Region,
    ImmutableArray<string> Gateways,
    bool IsConnected,
    string? Problem,
    TimeSpan? RoundTrip = null,
    TimeSpan? OwnerRoundTrip = null,
    bool IsTried = true);
