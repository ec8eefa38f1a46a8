namespace OrleansCache.Tests.Redis;

/// <summary>What a node keeps, and for how long.</summary>
public abstract partial class NodeContract
{
    [Fact]
    public async Task A_book_is_read_back_as_it_was_written()
    {
        var node = Node(Patient);
        var row = Row("book::1984", 7);

        await node.WriteAsync(row, Minute, overwrite: false, default);

        var entry = await node.ReadAsync("book::1984", default);
        Assert.Equal(row.Key, entry?.Row.Key);
        Assert.Equal(row.Identity, entry?.Row.Identity);
        Assert.Equal(row.Payload, entry?.Row.Payload);
        Assert.InRange(entry!.Value.TimeToLive, TimeSpan.FromTicks(1), Minute);
    }

    [Fact]
    public async Task A_book_that_was_never_written_is_a_miss()
    {
        var node = Node(Patient);
        await node.WriteAsync(Row("book::1984", 1), Minute, overwrite: false, default);

        Assert.Null(await node.ReadAsync("book::1985", default));
    }

    [Fact]
    public async Task The_time_to_live_runs_down()
    {
        var node = Node(Patient);
        await node.WriteAsync(Row("book::1984", 1), Minute, overwrite: false, default);
        var first = (await node.ReadAsync("book::1984", default))!.Value.TimeToLive;

        await PassTimeUntilAsync(async () => (await node.ReadAsync("book::1984", default))!.Value.TimeToLive < first, "less is left");
    }

    [Fact]
    public async Task An_entry_is_gone_after_its_time_to_live()
    {
        var node = Node(Patient);
        await node.WriteAsync(Row("book::1984", 1), TimeSpan.FromMilliseconds(200), overwrite: false, default);
        await node.WriteAsync(Row("book::1985", 1), Minute, overwrite: false, default);

        await PassTimeUntilAsync(async () => await node.ReadAsync("book::1984", default) is null, "the entry expires");
        Assert.NotNull(await node.ReadAsync("book::1985", default));
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(256, 255)]
    [InlineData(1L << 32, (1L << 32) - 1)]
    [InlineData((1L << 53) + 1, 1L << 53)]
    [InlineData(long.MaxValue, long.MaxValue - 1)]
    public async Task A_higher_version_is_left_as_it_is(long higher, long lower)
    {
        var node = Node(Patient);
        await node.WriteAsync(Row("book::1984", higher), Minute, overwrite: false, default);
        await node.WriteAsync(Row("book::1984", lower), Minute, overwrite: false, default);
        Assert.Equal(higher, await VersionOfAsync(node, "book::1984"));

        await node.WriteAsync(Row("book::1985", lower), Minute, overwrite: false, default);
        await node.WriteAsync(Row("book::1985", higher), Minute, overwrite: false, default);
        Assert.Equal(higher, await VersionOfAsync(node, "book::1985"));
    }

    [Fact]
    public async Task A_row_from_the_catalog_replaces_a_higher_version()
    {
        var node = Node(Patient);
        await node.WriteAsync(Row("book::1984", 9), Minute, overwrite: false, default);

        await node.WriteAsync(Row("book::1984", 3), Minute, overwrite: true, default);

        Assert.Equal(3, await VersionOfAsync(node, "book::1984"));
    }

    [Fact]
    public async Task The_same_version_of_another_edit_replaces()
    {
        var node = Node(Patient);
        var second = Row("book::1984", 4);
        await node.WriteAsync(Row("book::1984", 4), Minute, overwrite: false, default);

        await node.WriteAsync(second, Minute, overwrite: false, default);

        Assert.Equal(second.Identity, (await node.ReadAsync("book::1984", default))?.Row.Identity);
    }

    [Fact]
    public async Task A_removal_is_stored_and_read_back()
    {
        var node = Node(Patient);
        var removed = Row("book::1984", 8) with { Payload = null };
        await node.WriteAsync(Row("book::1984", 7), Minute, overwrite: false, default);

        await node.WriteAsync(removed, Minute, overwrite: false, default);

        Assert.Equal(removed, (await node.ReadAsync("book::1984", default))?.Row);
    }

    [Fact]
    public async Task After_a_removal_no_older_version_comes_back_but_a_newer_one_does()
    {
        var node = Node(Patient);
        var removed = Row("book::1984", 8) with { Payload = null };
        await node.WriteAsync(removed, Minute, overwrite: false, default);

        await node.WriteAsync(Row("book::1984", 7), Minute, overwrite: false, default);
        Assert.Equal(removed, (await node.ReadAsync("book::1984", default))?.Row);

        await node.WriteAsync(Row("book::1984", 9), Minute, overwrite: false, default);
        Assert.Equal(9, await VersionOfAsync(node, "book::1984"));
        await node.WriteAsync(removed, Minute, overwrite: false, default);
        Assert.True((await node.ReadAsync("book::1984", default))?.Row.Exists);
    }

    [Fact]
    public async Task Removed_books_are_gone_and_the_others_stay()
    {
        var node = Node(Patient);
        foreach (var key in (string[])["a", "b", "c"])
            await node.WriteAsync(Row(key, 1), Minute, overwrite: false, default);

        await node.RemoveAsync(["a", "never-written", "c"], default);
        await node.RemoveAsync([], default);

        Assert.Null(await node.ReadAsync("a", default));
        Assert.NotNull(await node.ReadAsync("b", default));
        Assert.Null(await node.ReadAsync("c", default));
    }

    [Fact]
    public async Task All_books_are_removed_at_once_and_counted()
    {
        var node = Node(Patient);
        for (var i = 0; i < 2_100; i++)
            await node.WriteAsync(Row($"book::{i}", 1), Minute, overwrite: false, default);

        Assert.Equal(2_100, (await node.ClearAsync(default)).Removed);

        Assert.Null(await node.ReadAsync("book::0", default));
        Assert.Equal(0, (await node.ClearAsync(default)).Removed);
    }

    [Fact]
    public async Task A_thousand_calls_at_once_are_all_answered()
    {
        var node = Node(Patient);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(async i =>
        {
            await node.WriteAsync(Row($"book::{i}", i + 1), Minute, overwrite: false, default);
            Assert.Equal(i + 1, await VersionOfAsync(node, $"book::{i}"));
        }));
    }
}
