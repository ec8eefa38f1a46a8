namespace OrleansCache.Tests.Catalogs;

public sealed class SqliteClusterSettingsTests() : ClusterSettingsContract(new SqliteTestDatabase());
