using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

public sealed class EntryIndexTests
{
    private const int Books = 20_000;

    private readonly Lock _gate = new();

    [Fact]
    public async Task Readers_find_permanent_entries_while_it_grows_and_shrinks()
    {
        var index = new EntryIndex(_gate);
        CacheEntry[] staying = [.. Enumerable.Range(0, 500).Select(number => Entry($"book::stays {number}"))];
        foreach (var entry in staying)
            Locked(() => index.Put(entry));
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var missed = 0;
            do
                missed += staying.Count(entry => index.Find(entry.Book) != entry);
            while (!stop.IsCancellationRequested);
            return missed;
        })).ToArray();

        var passing = Enumerable.Range(0, Books).Select(number => Entry($"book::passes {number}")).ToArray();
        foreach (var entry in passing)
            Locked(() => index.Put(entry));
        foreach (var entry in passing)
            Locked(() => index.Remove(entry));
        await stop.CancelAsync();

        Assert.All(await Task.WhenAll(readers), missed => Assert.Equal(0, missed));
        Assert.Equal(staying.ToHashSet(), index.All.ToHashSet());
    }

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    public void Entries_of_one_book_leave_in_any_order(params int[] order)
    {
        var index = new EntryIndex(_gate);
        var other = Entry("book::other");
        index.Put(other);
        CacheEntry[] entries = [Entry("book::1984"), Entry("book::1984"), Entry("book::1984")];
        foreach (var entry in entries)
            index.Put(entry);

        var left = entries.ToList();
        foreach (var place in order)
        {
            index.Remove(entries[place]);
            left.Remove(entries[place]);
            Assert.Equal(left.LastOrDefault(), index.Find("book::1984"));
        }

        Assert.Equal([other], index.All);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("abc")]
    [InlineData("abcd")]
    [InlineData("abcde")]
    [InlineData("book::ein längerer Schlüssel")]
    public void A_key_of_any_length_is_found_and_no_other_one(string key)
    {
        var index = new EntryIndex(_gate);
        var entry = Entry(key);
        index.Put(entry);

        Assert.Same(entry, index.Find(new string(key.AsSpan())));
        Assert.Null(index.Find(key + "x"));
        Assert.Null(index.Find("x" + key));
    }

    private static CacheEntry Entry(string book) => new(null, book, CachedRow.Never(book), default);

    private void Locked(Action action)
    {
        lock (_gate)
            action();
    }
}
