using FsCheck;
using FsCheck.Fluent;
using OrleansCache.Client.Export;
using OrleansCache.Client.Import;

namespace OrleansCache.Tests.Client.Import;

/// <summary>What an export writes, an import reads as it was, whatever the texts hold.</summary>
public sealed class RoundTripTests
{
    private static readonly string[] Parts =
    [
        "a", "Z", " ", "  ", "\"", "\"\"", ",", ";", "|", "\t", "\n", "\r", "\r\n", "=", "=\"", "\"=\"", "+", "-", "@", "'", "sep=;",
        "::", "[", "]", "\u0000", "\u0007", "\u001B[2J", "\u0085", "\u00A0", "\u200B", "\u202E", "\uFEFF", "\u2028",
        "é", "e\u0301", "Ž", "本", "😀", "\uFFFD",
        "9.78E+12", "439023483", "0439023483", "9780439023481", "null", "\\", "#", "..", "key", "title",
    ];

    private static readonly Gen<string> Text = Gen.Frequency(
        (6, Gen.Elements(Parts).ListOf().Select(string.Concat)),
        (1, ArbMap.Default.GeneratorFor<NonNull<string>>().Select(text => text.Item)));

    private static readonly Gen<string?> Optional =
        Gen.OneOf(Gen.Constant<string?>(null), Text.Select(text => text.Length == 0 ? null : text));

    private static readonly Gen<KeyedPayload[]> Table =
        from count in Gen.Choose(0, 12)
        from books in OneBook().ArrayOf(count)
        select books.DistinctBy(book => book.Key).ToArray();

    [Fact]
    public void Any_table_of_texts_comes_back_the_same() => Prop.ForAll(Table.ToArbitrary(), books =>
    {
        using var file = new MemoryStream();
        var export = BookExporter.RunAsync(books.ToAsyncEnumerable(), file).GetAwaiter().GetResult();
        file.Position = 0;
        using var reader = new Opened(BookCsvReader.OpenAsync(file, new()).GetAwaiter().GetResult());
        var rows = reader.Rows;

        Assert.Equal(books.Length, export.Books);
        Assert.Equal((0, ',', "utf-8"), (reader.Csv.UnusedColumns.Count, reader.Csv.Separator, reader.Csv.Encoding));
        Assert.All(rows, row => Assert.Null(row.Reason));
        Assert.Equal(books.Select(Shown), rows.Select(row => Shown(row.Book!)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData("0-439-02348-3")]
    [InlineData("439023483")]
    [InlineData("9.78045E+12")]
    [InlineData("9780439023481.0")]
    [InlineData("[0439023483]")]
    public async Task An_ISBN_that_an_import_would_mend_comes_back_as_it_was(string isbn)
    {
        using var file = new MemoryStream();
        var book = new KeyedPayload("book::a", BookPayload.Encode(new("T", Isbn: isbn)));
        await BookExporter.RunAsync(new[] { book }.ToAsyncEnumerable(), file);
        file.Position = 0;
        using var reader = new Opened(await BookCsvReader.OpenAsync(file, new()));

        var row = Assert.Single(reader.Rows);
        Assert.Equal((Shown(book), null), (Shown(row.Book!), row.Note));
    }

    [Fact]
    public async Task What_is_no_book_is_left_out_and_named()
    {
        using var file = new MemoryStream();
        KeyedPayload[] books = [new("book::bad", "no JSON"u8.ToArray()), new("book::good", BookPayload.Encode(new("T")))];

        var export = await BookExporter.RunAsync(books.ToAsyncEnumerable(), file);

        Assert.Equal((1, 1), (export.Books, export.UnreadableCount));
        Assert.Equal("book::bad", Assert.Single(export.Unreadable));
    }

    [Fact]
    public async Task No_field_is_a_formula_that_a_spreadsheet_would_run()
    {
        using var file = new MemoryStream();
        var book = new KeyedPayload("book::a", BookPayload.Encode(new("=HYPERLINK(\"http://x\")", "+1", null, "@x", "-2", "\t=3")));
        await BookExporter.RunAsync(new[] { book }.ToAsyncEnumerable(), file);

        var text = System.Text.Encoding.UTF8.GetString(file.ToArray());
        Assert.Equal(
            "\uFEFFkey,title,author,year,genre,isbn,description\nbook::a,\"=\"\"=HYPERLINK(\"\"\"\"http://x\"\"\"\")\"\"\","
            + "\"=\"\"+1\"\"\",,\"=\"\"@x\"\"\",\"=\"\"-2\"\"\",\"=\"\"\t=3\"\"\"\n",
            text);
    }

    private static Gen<KeyedPayload> OneBook() =>
        from key in Gen.OneOf(Text, Text.Select(text => BookKey.Prefix + text)).Select(TryKey).Where(key => key is not null)
        from title in Text.Where(text => !string.IsNullOrWhiteSpace(text))
        from author in Text
        from year in Gen.OneOf(Gen.Constant<int?>(null), Gen.Choose(-9_999, 9_999).Select(year => (int?)year))
        from genre in Optional
        from isbn in Optional
        from description in Optional
        select new KeyedPayload(key!, BookPayload.Encode(new(title, author, year, genre, isbn, description)));

    private static string? TryKey(string text)
    {
        try
        {
            return BookKey.Of(text);
        }
        catch (InvalidKeyException)
        {
            return null;
        }
    }

    private static string Shown(KeyedPayload book) => $"{book.Key} {System.Text.Encoding.UTF8.GetString(book.Payload)}";

    private sealed record Opened(BookCsvReader Csv) : IDisposable
    {
        public List<CsvRow> Rows { get; } = [.. Csv.ReadAsync().ToBlockingEnumerable()];

        public void Dispose() => Csv.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
