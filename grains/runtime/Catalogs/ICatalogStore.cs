namespace OrleansCache.Catalogs;

/// <summary>A whole catalog: the books, and beside them what operators changed of the regions' nodes.</summary>
public interface ICatalogStore : ICatalog, ITopologyStore, IAsyncDisposable;
