namespace OrleansCache.Catalogs;

/// <summary>Keeps what operators changed of the regions' nodes, beside the books. Safe for concurrent use.</summary>
public interface ITopologyStore
{
    /// <summary>The nodes that an operator left in a region, or null when nobody has changed the configured ones.</summary>
    /// <exception cref="CatalogUnavailableException">The database cannot be reached or read.</exception>
    Task<StoredTopology?> ReadTopologyAsync(string region, CancellationToken cancellation);

    /// <summary>Keeps a region's nodes durably, if what is kept still has the version that <paramref name="topology"/> follows (its own less one).</summary>
    /// <returns>False when another one was kept meanwhile; nothing is written then.</returns>
    /// <exception cref="CatalogUnavailableException">The database cannot be reached or written.</exception>
    /// <exception cref="OutcomeUnknownException">The answer to the commit was lost: it may be kept or not.</exception>
    Task<bool> WriteTopologyAsync(string region, StoredTopology topology, CancellationToken cancellation);
}
