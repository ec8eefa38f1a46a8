namespace OrleansCache.Tests.Catalogs;

public sealed class SqliteTopologyStoreTests() : TopologyStoreContract(new SqliteTestDatabase());
