

namespace OrleansCache.Tests.Catalog;

/// <summary>The tests that share one PostgreSQL server.</summary>
[CollectionDefinition(PostgresServer.Collection)]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>;
