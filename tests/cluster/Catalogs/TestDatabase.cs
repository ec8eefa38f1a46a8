using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>
/// An empty database of a test's own. Whoever has another database writes one of these for it, derives a class from
/// <see cref="BookCatalogContract"/> that hands it over (see <see cref="SqliteBookCatalogTests"/>), and runs that; likewise
/// <see cref="TopologyStoreContract"/> where the catalog keeps topologies too, and <see cref="PlainSqlContract"/> where people may edit it
/// by SQL.
/// </summary>
public abstract class TestDatabase : IAsyncDisposable
{
    /// <summary>Makes the database itself; the catalog makes the tables.</summary>
    public abstract Task CreateAsync();

    /// <summary>Opens one more catalog on the database; it is closed at the end if it can be.</summary>
    public abstract ICatalog Open();

    /// <summary>Makes the database fail when the key is written.</summary>
    public abstract Task RefuseAsync(string key);

    /// <summary>Keeps writes of the key waiting until what is returned is disposed.</summary>
    public abstract Task<IAsyncDisposable> HoldAsync(string key);

    /// <summary>Waits until somebody waits for what is held, where the database can tell.</summary>
    public virtual Task HasWaiterAsync() => Task.CompletedTask;

    /// <summary>Removes the database; the catalogs are closed by then.</summary>
    public abstract ValueTask DisposeAsync();
}
