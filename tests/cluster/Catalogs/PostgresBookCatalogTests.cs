namespace OrleansCache.Tests.Catalogs;

[NeedsPostgres, Collection(PostgresServer.Collection)]
public sealed class PostgresBookCatalogTests(PostgresServer server) : BookCatalogContract(new PostgresTestDatabase(server));
