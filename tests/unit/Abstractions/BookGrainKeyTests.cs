using FsCheck;
using FsCheck.Fluent;

namespace OrleansCache.Tests.Abstractions;

public sealed class BookGrainKeyTests
{
    [Theory]
    [InlineData("europe/book::1984", "europe", 1, "book::1984")]
    [InlineData("europe.2/book::1984", "europe", 2, "book::1984")]
    [InlineData("eu-1.2/a/b.3/c", "eu-1", 2, "a/b.3/c")]
    [InlineData("europe/", "europe", 1, "")]
    [InlineData("europe//", "europe", 1, "/")]
    public void It_is_read_from_the_text_that_it_is_written_to(string text, string region, int rank, string book)
    {
        var key = BookGrainKey.Parse(text);

        Assert.Equal(new BookGrainKey(region, rank, book), key);
        Assert.Equal(text, key.ToString());
    }

    [Fact]
    public void Any_book_and_rank_comes_back() =>
        Prop.ForAll<NonNull<string>, bool>((book, isSecond) =>
        {
            var key = new BookGrainKey("asia", isSecond ? 2 : 1, book.Item);
            return BookGrainKey.Parse(key.ToString()) == key;
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("")]
    [InlineData("book::1984")]
    [InlineData("/book::1984")]
    [InlineData(".2/book::1984")]
    [InlineData("europe.1/book::1984")]
    [InlineData("europe.0/book::1984")]
    [InlineData("europe.3/book::1984")]
    [InlineData("europe.-1/book::1984")]
    [InlineData("europe./book::1984")]
    [InlineData("europe.x/book::1984")]
    [InlineData("europe.99999999999/book::1984")]
    public void Another_text_is_refused(string text) => Assert.Throws<FormatException>(() => BookGrainKey.Parse(text));
}
