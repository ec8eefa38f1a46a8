using System.Text;
using OrleansCache.Client.Import;
using Xunit;

namespace OrleansCache.Tests.Client.Import;

public sealed class BookCsvReaderTests
{
    private const string OwnHeader = "key,title,author,year,genre,isbn,description\n";

    private const string GoodbooksHeader =
        "book_id,goodreads_book_id,best_book_id,work_id,books_count,isbn,isbn13,authors,original_publication_year,"
        + "original_title,title,language_code,average_rating\n";

    [Fact]
    public async Task A_row_of_the_projects_own_file_becomes_a_book()
    {
        const string Line = "1984,Nineteen Eighty-Four,George Orwell,1949,Dystopia,9780451524935,"
            + "\"Big Brother, and \"\"doublethink\"\".\"\n";
        var row = Assert.Single(await ReadAsync(OwnHeader + Line));

        Assert.Equal(2, row.Line);
        Assert.Equal("book::1984", row.Book!.Key);
        Assert.Equal(
            new Book("Nineteen Eighty-Four", "George Orwell", 1949, "Dystopia", "9780451524935", "Big Brother, and \"doublethink\"."),
            BookPayload.Decode(row.Book.Payload));
    }

    [Fact]
    public async Task Rows_of_goodbooks_become_books()
    {
        var rows = await ReadAsync(
            GoodbooksHeader +
            "1,2767052,2767052,2792775,272,439023483,9.78043902348e+12,Suzanne Collins,2008.0,The Hunger Games," +
            "\"The Hunger Games (The Hunger Games, #1)\",eng,4.34\n" +
            "2,3,3,4640799,491,043955493X,9.78043955493e+12,\"J.K. Rowling, Mary GrandPré\",1997.0,," +
            "\"Harry Potter and the Sorcerer's Stone\",eng,4.44\n" +
            "80,1381,1381,3356006,1703,143039954,9.78014303995e+12,\"Homer, Robert Fagles\",-720.0,Ὀδύσσεια," +
            "The Odyssey,eng,3.73\n" +
            "99,5,5,5,5,11,,Nobody,,Only the original,,,1\n");

        Assert.Equal(["book::9780439023481", "book::043955493X", "book::9780143039952", "book::11"], rows.Select(row => row.Book!.Key));
        Assert.Equal(
            [
                new Book("The Hunger Games (The Hunger Games, #1)", "Suzanne Collins", 2008, Isbn: "0439023483"),
                new Book("Harry Potter and the Sorcerer's Stone", "J.K. Rowling; Mary GrandPré", 1997, Isbn: "043955493X"),
                new Book("The Odyssey", "Homer; Robert Fagles", -720, Isbn: "0143039954"),
                new Book("Only the original", "Nobody", Isbn: "11"),
            ],
            rows.Select(row => BookPayload.Decode(row.Book!.Payload)));
    }

    [Theory]
    [InlineData("book_id,isbn,key,title\n3,2,1,T", null, "book::1")]
    [InlineData("book_id,isbn,title\n3,2,T", null, "book::2")]
    [InlineData("book_id,title\n3,T", null, "book::3")]
    [InlineData("book_id,isbn,key,title\n3,2,1,T", "book_id", "book::3")]
    [InlineData("book_id,isbn,key,title\n3,2,1,T", "Title", "book::T")]
    [InlineData("KEY, Title \n 1 , T ", null, "book::1")]
    [InlineData("key,title\nbook::1,T", null, "book::1")]
    public async Task The_key_is_the_column_that_was_named_or_the_first_of_the_usual_ones(string csv, string? column, string expected)
    {
        var row = Assert.Single(await ReadAsync(csv, column));

        Assert.Equal(expected, row.Book!.Key);
        Assert.Equal("T", BookPayload.Decode(row.Book.Payload).Title);
    }

    [Fact]
    public async Task A_row_without_a_key_says_how_to_choose_another()
    {
        var rows = await ReadAsync("isbn,book_id,title\n1,1,A\n,2,B\n3,3,C\n");

        Assert.Equal([true, false, true], rows.Select(row => row.IsGood));
        Assert.Equal(3, rows[1].Line);
        Assert.Contains("\"isbn\" is empty", rows[1].Reason, StringComparison.Ordinal);
        Assert.Contains("--key", rows[1].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a,,X,,,,", "\"title\"")]
    [InlineData("a,   ,X,,,,", "\"title\"")]
    [InlineData(",T,X,,,,", "\"key\"")]
    [InlineData("a,T,X,about 1900,,,", "\"year\" has \"about 1900\"")]
    [InlineData("a,T,X,1900.5,,,", "\"1900.5\"")]
    [InlineData("a,T,X,NaN,,,", "\"NaN\"")]
    [InlineData("a,T,X,123456,,,", "\"123456\"")]
    [InlineData("a\u0007b,T,X,,,,", "U+0007")]
    [InlineData("a,T,X", "3 fields")]
    [InlineData("a,T,X,1900,,,,,", "9 fields")]
    [InlineData("a,T \"quoted\" T,X,,,,", "quote")]
    [InlineData("a,\"T\"T,X,,,,", "quote")]
    public async Task An_invalid_row_is_reported_with_line_and_reason_and_the_others_are_read(string bad, string reason)
    {
        var rows = await ReadAsync(OwnHeader + "first,First,,,,,\n" + bad + "\nlast,Last,,,,,\n");

        Assert.Equal([2L, 3, 4], rows.Select(row => row.Line));
        Assert.Equal(["book::first", null, "book::last"], rows.Select(row => row.Book?.Key));
        Assert.Contains(reason, rows[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_or_a_book_that_is_too_large_is_reported()
    {
        var (longKey, tooLarge, large) = (new string('k', 300), new string('x', BookPayload.MaxBytes), new string('y', 60_000));
        var rows = await ReadAsync($"{OwnHeader}{longKey},T,,,,,\na,T,,,,,{tooLarge}\nb,T,,,,,{large}\n");

        Assert.Equal([false, false, true], rows.Select(row => row.IsGood));
        Assert.Contains("256", rows[0].Reason, StringComparison.Ordinal);
        Assert.Contains($"{BookPayload.MaxBytes:N0}", rows[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_duplicate_key_is_reported_with_both_lines()
    {
        var rows = await ReadAsync("key,title\na,First\nb,Other\na,Second\nbook::a,Third\n");

        Assert.Equal([true, true, false, false], rows.Select(row => row.IsGood));
        Assert.Equal(4, rows[2].Line);
        Assert.Contains("book::a", rows[2].Reason, StringComparison.Ordinal);
        Assert.Contains("line 2", rows[2].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public async Task Lines_are_counted_through_blank_ones_and_through_breaks_in_quotes(string end)
    {
        var rows = await ReadAsync(string.Join(end, "key,title,description", "a,A,\"one", "two", "three\"", "", "   ", "b,B,", "c,,", ""));

        Assert.Equal([2L, 7, 8], rows.Select(row => row.Line));
        Assert.Equal([true, true, false], rows.Select(row => row.IsGood));
        Assert.Equal($"one{end}two{end}three", BookPayload.Decode(rows[0].Book!.Payload).Description);
    }

    [Fact]
    public async Task An_unclosed_quote_is_reported_with_its_line()
    {
        var rows = await ReadAsync("key,title\na,A\nb,\"B\nc,C\nd,D\n");

        Assert.Equal([2L, 3], rows.Select(row => row.Line));
        Assert.Contains("never closed", rows[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_quote_that_swallows_a_large_file_ends_the_reading_with_its_line()
    {
        var csv = new StringBuilder("key,title\na,A\nb,\"B\n");
        for (var number = 0; number < 300_000; number++)
            csv.Append(number).Append(",Title\n");

        var error = await Assert.ThrowsAsync<ImportException>(() => ReadAsync(csv.ToString()));

        Assert.Contains("line 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_header()
    {
        var row = Assert.Single(await ReadAsync([.. Encoding.UTF8.Preamble, .. "key,title\na,Ä\n"u8]));

        Assert.Equal("book::a", row.Book!.Key);
        Assert.Equal("Ä", BookPayload.Decode(row.Book.Payload).Title);
    }

    [Fact]
    public async Task Bytes_that_are_not_UTF8_are_reported_with_their_line_and_no_other_row_is_lost()
    {
        var rows = await ReadAsync([.. "key,title\na,Ä\nb,"u8, 0xC4, .. "rger\nc,\ufffd\n"u8]);

        Assert.Equal([true, false, true], rows.Select(row => row.IsGood));
        Assert.Equal(3, rows[1].Line);
        Assert.Contains("UTF-8", rows[1].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no header")]
    [InlineData("\n\n", "no header")]
    [InlineData("key,author\na,A\n", "title", "key, author")]
    [InlineData("title,author\nA,A\n", "isbn", "--key", "title, author")]
    [InlineData("key:title:author\na:A:A\n", "title", "--separator")]
    public async Task A_file_without_the_columns_needed_is_refused_with_those_it_has(string csv, params string[] parts)
    {
        var error = await Assert.ThrowsAsync<ImportException>(() => ReadAsync(csv));

        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_key_column_that_is_not_there_is_named()
    {
        var error = await Assert.ThrowsAsync<ImportException>(() => ReadAsync("key,title\na,A\n", "ean"));

        Assert.Contains("ean", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_header_alone_is_a_file_without_books() => Assert.Empty(await ReadAsync(OwnHeader));

    [Fact]
    public async Task Reading_ends_when_it_is_given_up()
    {
        using var giveUp = new CancellationTokenSource();
        using var csv = new MemoryStream("key,title\na,A\nb,B\nc,C\n"u8.ToArray());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await using var reader = await BookCsvReader.OpenAsync(csv, new(), giveUp.Token);
            await foreach (var row in reader.ReadAsync(giveUp.Token))
                await giveUp.CancelAsync();
        });
    }

    private static Task<List<CsvRow>> ReadAsync(string csv, string? keyColumn = null) => ReadAsync(Encoding.UTF8.GetBytes(csv), keyColumn);

    private static async Task<List<CsvRow>> ReadAsync(byte[] csv, string? keyColumn = null)
    {
        using var stream = new MemoryStream(csv);
        var rows = new List<CsvRow>();
        var columns = new Dictionary<BookField, string>();
        if (keyColumn is not null)
            columns[BookField.Key] = keyColumn;
        var options = new ImportOptions { Columns = columns };
        await using var reader = await BookCsvReader.OpenAsync(stream, options);
        await foreach (var row in reader.ReadAsync())
            rows.Add(row);
        return rows;
    }
}
