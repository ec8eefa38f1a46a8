using System.Text;

namespace OrleansCache.Tests.Abstractions;

public sealed class BookPayloadTests
{
    [Fact]
    public void A_book_comes_back_as_it_was()
    {
        var full = new Book(
            "Война и мир", "Лев Толстой; \"another\"", -1869, "novel", "978-0-306-40615-7",
            "Line one\nline two \u0001 😀");
        var bare = new Book("紅樓夢");

        Assert.Equal(full, BookPayload.Decode(BookPayload.Encode(full)));
        Assert.Equal(bare, BookPayload.Decode(BookPayload.Encode(bare)));
    }

    [Fact]
    public void The_bytes_are_JSON_that_people_can_read() =>
        Assert.Equal(
            """{"title":"1984","author":"George Orwell","year":1949}""",
            Encoding.UTF8.GetString(BookPayload.Encode(new Book("1984", "George Orwell", 1949))));

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData(null)]
    public void A_book_without_a_title_is_refused(string? title) =>
        Assert.Throws<InvalidPayloadException>(() => BookPayload.Encode(new Book(title!)));

    [Fact]
    public void A_payload_may_have_64_KiB_and_not_a_byte_more()
    {
        var room = BookPayload.MaxBytes - BookPayload.Encode(new Book("Big", Description: "x")).Length + 1;

        Assert.Equal(BookPayload.MaxBytes, BookPayload.Encode(new Book("Big", Description: new string('x', room))).Length);
        var error = Assert.Throws<InvalidPayloadException>(
            () => BookPayload.Encode(new Book("Big", Description: new string('x', room + 1))));
        Assert.Contains("\"Big\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("65,536", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"title\":\"\"}")]
    [InlineData("{\"title\":null}")]
    [InlineData("{\"title\":\"a\",\"author\":null}")]
    [InlineData("{\"title\":\"a\",\"year\":\"x\"}")]
    [InlineData("{\"title\":\"a\"} and more")]
    [InlineData("OCB")]
    public void Bytes_that_do_not_encode_a_book_are_refused(string payload) =>
        Assert.Throws<InvalidPayloadException>(() => BookPayload.Decode(Encoding.UTF8.GetBytes(payload)));
}
