namespace OrleansCache.Tests.Catalogs;

public sealed class SqliteBookCatalogTests() : BookCatalogContract(new SqliteTestDatabase());
