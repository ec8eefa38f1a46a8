namespace OrleansCache.Client;

/// <summary>What an operator does with a cluster: looks at its rings, figures and copies, changes its nodes, drops copies, fills its catalog.</summary>
public interface ICacheOperations
{
    /// <summary>How this client reaches a region now; asks nobody.</summary>
    /// <exception cref="UnknownRegionException">The region is not configured; the message names those that are.</exception>
    RegionConnection ConnectionOf(string region);

    /// <summary>The ring of a region as it is now.</summary>
    /// <exception cref="UnknownRegionException">The region is not configured; the message names those that are.</exception>
    /// <exception cref="RegionUnavailableException">The region did not answer.</exception>
    Task<RegionRing> GetRingAsync(string region, CancellationToken cancellation = default);

    /// <summary>Adds a node to a region; only the keys that become its own move.</summary>
    /// <param name="region">The region.</param>
    /// <param name="name">The node's name, unique in the region.</param>
    /// <param name="connection">A StackExchange.Redis connection string, or <c>memory:NAME</c>.</param>
    /// <param name="weight">Its share relative to the other nodes' weights, 1 to 1000.</param>
    /// <param name="cancellation">Gives the wait up; the change may be made all the same.</param>
    /// <returns>The ring after the change.</returns>
    /// <exception cref="InvalidTopologyException">There is such a node already, or a value cannot be used.</exception>
    /// <exception cref="UnknownRegionException">The region is not configured.</exception>
    /// <exception cref="RegionUnavailableException">The region did not answer; whether the change was made is not known.</exception>
    Task<RegionRing> AddNodeAsync(string region, string name, string connection, int weight = HashRing.UsualWeight, CancellationToken cancellation = default);

    /// <summary>Removes a node from a region; only its keys move. Errors are those of <see cref="AddNodeAsync"/>.</summary>
    Task<RegionRing> RemoveNodeAsync(string region, string name, CancellationToken cancellation = default);

    /// <summary>Gives a node another weight. Errors are those of <see cref="AddNodeAsync"/>.</summary>
    Task<RegionRing> SetNodeWeightAsync(string region, string name, int weight, CancellationToken cancellation = default);

    /// <summary>What each silo of a region has counted since it started.</summary>
    /// <exception cref="UnknownRegionException">The region is not configured.</exception>
    /// <exception cref="RegionUnavailableException">The region did not answer.</exception>
    Task<IReadOnlyList<SiloStatistics>> GetStatisticsAsync(string region, CancellationToken cancellation = default);

    /// <summary>Where a region holds a book now: in which silos' memory and in which node. Nothing is loaded, renewed or counted.</summary>
    /// <exception cref="InvalidKeyException">The key cannot be one.</exception>
    /// <exception cref="UnknownRegionException">The region is not configured.</exception>
    /// <exception cref="RegionUnavailableException">The region did not answer.</exception>
    Task<RegionInspection> PeekAsync(string region, string key, CancellationToken cancellation = default);

    /// <summary>
    /// Drops copies of a region: those of its silos, of the clients below them and of its nodes. The catalog keeps its books, so the next lookup
    /// of one brings it back.
    /// </summary>
    /// <param name="region">The region.</param>
    /// <param name="keys">Of which books; null for all that the region holds.</param>
    /// <param name="cancellation">Gives the wait up; the copies may be dropped all the same.</param>
    /// <returns>Which silos and nodes have done it, and which did not say so in time.</returns>
    /// <exception cref="InvalidKeyException">A key cannot be one; nothing was dropped.</exception>
    /// <exception cref="UnknownRegionException">The region is not configured.</exception>
    /// <exception cref="RegionUnavailableException">The region did not answer; dropping again is safe.</exception>
    Task<RegionPurge> PurgeAsync(string region, IReadOnlyCollection<string>? keys, CancellationToken cancellation = default);

    /// <summary>
    /// Stores books through their owners, several slots at a time; of a key that stands twice the last one counts. Storing again
    /// what is stored already changes nothing, so a call that failed halfway may be repeated.
    /// </summary>
    /// <returns>For each book in order what became of it.</returns>
    /// <exception cref="InvalidKeyException">A key cannot be one; nothing was stored.</exception>
    /// <exception cref="CatalogUnavailableException">The catalog could not be written; some books may have been stored.</exception>
    /// <exception cref="OutcomeUnknownException">The catalog or the owner was lost while they were written; some books may have been stored.</exception>
    /// <exception cref="RegionUnavailableException">No owner answered; some books may have been stored.</exception>
    Task<EditOutcome[]> StoreAsync(IReadOnlyList<KeyedPayload> books, CancellationToken cancellation = default);
}
