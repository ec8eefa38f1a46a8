namespace OrleansCache.Tests.Catalog;

public sealed class SqliteTopologyStoreTests() : TopologyStoreContract(new SqliteTestDatabase());
