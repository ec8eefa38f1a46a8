namespace OrleansCache.Tests.Catalogs;

[NeedsPostgres, Collection(PostgresServer.Collection)]
public sealed class PostgresTopologyStoreTests(PostgresServer server) : TopologyStoreContract(new PostgresTestDatabase(server));
