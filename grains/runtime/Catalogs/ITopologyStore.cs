namespace OrleansCache.Catalogs;

/// <summary>Stores the nodes of the regions as operators have changed them. Safe for concurrent use.</summary>
public interface ITopologyStore
{
    /// <summary>The nodes of a region as changed by operators; null when the configured ones were never changed.</summary>
    /// <exception cref="CatalogUnavailableException">The database is unreachable or cannot be read.</exception>
    Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation);

    /// <summary>
    /// Stores the nodes of a region durably, if the stored version is the one before that of <paramref name="topology"/>.
    /// </summary>
    /// <returns>False when another version was stored meanwhile; nothing is written then.</returns>
    /// <exception cref="CatalogUnavailableException">The database is unreachable or refuses writes.</exception>
    /// <exception cref="OutcomeUnknownException">The outcome of the commit is unknown.</exception>
    Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation);
}
