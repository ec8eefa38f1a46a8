namespace OrleansCache.Tests.Catalogs;

public sealed class SqliteSlotEpochTests() : SlotEpochContract(new SqliteTestDatabase());
