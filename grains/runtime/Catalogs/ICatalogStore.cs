namespace OrleansCache.Catalogs;

/// <summary>A catalog with the books and the nodes of the regions as operators have changed them.</summary>
public interface ICatalogStore : ICatalog, ITopologyStore, IAsyncDisposable;
