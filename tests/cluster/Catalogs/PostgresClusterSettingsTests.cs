namespace OrleansCache.Tests.Catalogs;

[NeedsPostgres, Collection(PostgresServer.Collection)]
public sealed class PostgresClusterSettingsTests(PostgresServer server) : ClusterSettingsContract(new PostgresTestDatabase(server));
