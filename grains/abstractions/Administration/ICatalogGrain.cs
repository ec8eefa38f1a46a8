namespace OrleansCache;

/// <summary>
/// Reads the whole catalog, page by page, for exports. It reads past owners and leases, each page as of one instant. It lives on the silo
/// that is called and answers one call at a time, so that an export takes little from the lookups there.
/// </summary>
[Alias("OrleansCache.ICatalogGrain")]
internal interface ICatalogGrain : IGrainWithIntegerKey
{
    /// <summary>Reads the next books in the order of their keys' bytes: some hundred, and half a mebibyte, at most.</summary>
    /// <param name="after">The last key of the page before; null for the first page.</param>
    /// <exception cref="CatalogUnavailableException">The catalog could not be read.</exception>
    [Alias("ReadPage")]
    Task<CatalogPage> ReadPageAsync(string? after);
}
