using OrleansCache.Entries;

namespace OrleansCache.Tests.Entries;

public sealed class BookIndexTests
{
    private const int Books = 20_000;

    private readonly Lock _gate = new();

    [Fact]
    public async Task Who_reads_while_it_grows_and_shrinks_finds_what_is_there_all_the_time()
    {
        var index = new BookIndex(_gate);
        KeptCopy[] staying = [.. Enumerable.Range(0, 500).Select(number => Copy($"book::stays {number}"))];
        foreach (var copy in staying)
            Locked(() => index.Put(copy));
        using var stop = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            var missed = 0;
            do
                missed += staying.Count(copy => index.Find(copy.Book) != copy);
            while (!stop.IsCancellationRequested);
            return missed;
        })).ToArray();

        var passing = Enumerable.Range(0, Books).Select(number => Copy($"book::passes {number}")).ToArray();
        foreach (var copy in passing)
            Locked(() => index.Put(copy));
        foreach (var copy in passing)
            Locked(() => index.Remove(copy));
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
    public void Copies_of_one_book_leave_in_any_order(params int[] order)
    {
        var index = new BookIndex(_gate);
        var other = Copy("book::other");
        index.Put(other);
        KeptCopy[] copies = [Copy("book::1984"), Copy("book::1984"), Copy("book::1984")];
        foreach (var copy in copies)
            index.Put(copy);

        var left = copies.ToList();
        foreach (var place in order)
        {
            index.Remove(copies[place]);
            left.Remove(copies[place]);
            Assert.Equal(left.LastOrDefault(), index.Find("book::1984"));
        }

        Assert.Equal([other], index.All);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("abc")]
    [InlineData("abcd")]
    [InlineData("abcde")]
    [InlineData("book::ein längerer Schlüssel")]
    public void A_key_of_any_length_is_found_and_no_other_one(string key)
    {
        var index = new BookIndex(_gate);
        var copy = Copy(key);
        index.Put(copy);

        Assert.Same(copy, index.Find(new string(key.AsSpan())));
        Assert.Null(index.Find(key + "x"));
        Assert.Null(index.Find("x" + key));
    }

    private static KeptCopy Copy(string book) => new(null, BookCopy.Never(book), default, 0);

    private void Locked(Action action)
    {
        lock (_gate)
            action();
    }
}
