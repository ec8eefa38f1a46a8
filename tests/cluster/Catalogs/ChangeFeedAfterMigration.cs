using OrleansCache.Catalogs;

namespace OrleansCache.Tests.Catalogs;

/// <summary>What the feed of a migrated catalog reports: nothing of before, and everything from then on, of old and new rows.</summary>
internal static class ChangeFeedAfterMigration
{
    /// <summary>Checks a catalog in which book::a exists and book::b was removed.</summary>
    public static async Task AssertReportsAsync(ICatalog catalog, SqlTestDatabase database)
    {
        var first = await catalog.ReadChangesAsync(null, [0], 100, CancellationToken.None);
        Assert.Equal((false, 0L), (first.IsComplete, Assert.Single(first.Epochs)));
        var second = await catalog.ReadChangesAsync(first.Position, [], 100, CancellationToken.None);
        Assert.Equal((true, 0), (second.IsComplete, second.Rows.Count));

        await database.RunAsync(
            "UPDATE books SET payload = '{}' WHERE key = 'book::a'; "
            + "INSERT INTO books (key, payload) VALUES ('book::b', '{}'), ('book::c', '{}')");

        var third = await catalog.ReadChangesAsync(second.Position, [], 100, CancellationToken.None);
        Assert.True(third.IsComplete);
        var rows = await catalog.ReadAsync(["book::a", "book::b", "book::c"], CancellationToken.None);
        Assert.Equal(
            rows.Select(row => new ChangedRow(row.Key, row.Identity)), third.Rows.OrderBy(row => row.Key, StringComparer.Ordinal));
        Assert.Empty((await catalog.ReadChangesAsync(third.Position, [], 100, CancellationToken.None)).Rows);
    }
}
