namespace OrleansCache.Tests.Catalogs;

/// <summary>The tests that share one PostgreSQL server.</summary>
[CollectionDefinition(PostgresServer.Collection)]
public sealed class PostgresCollection : ICollectionFixture<PostgresServer>;
