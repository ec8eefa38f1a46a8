using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>
/// An empty database of a test's own. For another kind of database, implement this class and derive a test class from
/// <see cref="BookCatalogContract"/> that supplies it (see <see cref="SqliteBookCatalogTests"/>); likewise from
/// <see cref="TopologyStoreContract"/> if the catalog stores topologies too, and from <see cref="PlainSqlContract"/> if it may be edited by
/// SQL.
/// </summary>
public abstract class TestDatabase : IAsyncDisposable
{
    /// <summary>Creates the database; the catalog creates the tables.</summary>
    public abstract Task CreateAsync();

    /// <summary>Opens another catalog on the database; it is closed at the end if possible.</summary>
    public abstract ICatalog Open();

    /// <summary>Makes writes of the key fail.</summary>
    public abstract Task RefuseAsync(string key);

    /// <summary>Blocks writes of the key until the returned object is disposed.</summary>
    public abstract Task<IAsyncDisposable> HoldAsync(string key);

    /// <summary>Waits until a write is blocked, if the database can tell.</summary>
    public virtual Task HasWaiterAsync() => Task.CompletedTask;

    /// <summary>Removes the database, after its catalogs were closed.</summary>
    public abstract ValueTask DisposeAsync();
}
