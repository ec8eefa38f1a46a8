namespace OrleansCache.Catalogs;

/// <summary>Creates the catalog that the settings name.</summary>
public static class CatalogFactory
{
    /// <summary>Creates a catalog, which connects to its database on first use.</summary>
    /// <exception cref="ArgumentException">
    /// The provider is unknown, a secret that the connection string refers to cannot be read, or the connection string cannot be used; the
    /// message says which and what to write.
    /// </exception>
    public static ICatalogStore Create(CatalogOptions settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var connection = SecretReference.Expand(settings.ConnectionString);
        return settings.Provider.ToLowerInvariant() switch
        {
            CatalogOptions.Sqlite => new SqliteCatalog(connection),
            CatalogOptions.Postgres => new PostgresCatalog(connection),
            _ => throw new ArgumentException(
                $"The catalog's provider \"{settings.Provider}\" is unknown; give \"{CatalogOptions.Sqlite}\" or "
                + $"\"{CatalogOptions.Postgres}\"."),
        };
    }
}
