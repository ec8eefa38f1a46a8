

namespace OrleansCache.Tests.Catalog;

[NeedsPostgres, Collection(PostgresServer.Collection)]
public sealed class PostgresTopologyStoreTests(PostgresServer server) : TopologyStoreContract(new PostgresTestDatabase(server));
