namespace OrleansCache.Tests.Catalog;

public sealed class SqliteBookCatalogTests() : BookCatalogContract(new SqliteTestDatabase());
