using System.IO.Pipelines;
using System.Text;
using OrleansCache.Client.Import;

namespace OrleansCache.Tests.Client.Import;

/// <summary>Files as other programs write them.</summary>
public sealed class RealFileTests
{
    // Rows of real files, with fewer columns.
    private const string Goodreads =
        """"""
        Book Id,Title,Author,Author l-f,Additional Authors,ISBN,ISBN13,Publisher,Year Published,Original Publication Year,My Review
        61272956,Quests (1),Brian Schirmer,"Schirmer, Brian","A. Design, Elena Gogou","=""1638491577""","=""9781638491576""",V,2023,,
        50891742,Knight Watch,Tim Akers,"Akers, Tim",,"=""1982124857""","=""9781982124854""",Baen,2020,2021,
        15881,"Chamber (Potter, #2)",J.K. Rowling,"Rowling, J.K.",Mary GrandPré,"=""""","=""""",S,1999,1998,"Line one<br/>""two"""
        3,Sorcerer's Stone,J.K. Rowling,"Rowling, J.K.",Mary GrandPré,"=""""","=""""",S,1997,1997,
        """""";

    private const string Calibre =
        """"""
        authors,author_sort,rating,timestamp,isbn,comments,tags,title,pubdate,id,uuid
        "Seanan McGuire","McGuire, Seanan","5","","9780756411800","Text.","Cryptids, Fantasy","Witch","2019-03-05T01:00:00+01:00","864","3"
        "Terry Pratchett, Neil Gaiman","Pratchett, Terry & Gaiman, Neil","","2021-01-19T22:41:16+01:00","","Line one
        line two","","Good Omens","0101-01-01T00:00:00+00:00","865","4051ed45"
        "A & B","","","","9780141439518","","","Later","2001-01-01T00:00:00+00:00","866","5051ed45"
        """""";

    [Fact]
    public async Task A_Goodreads_export_has_its_books_under_their_ISBN()
    {
        var file = await ReadAsync(Goodreads);

        Assert.Equal(
            [
                ("book::9781638491576", new Book(
                    "Quests (1)", "Brian Schirmer; A. Design; Elena Gogou", 2023, Isbn: "1638491577")),
                ("book::9781982124854", new Book("Knight Watch", "Tim Akers", 2021, Isbn: "1982124857")),
            ],
            file.Books);
        Assert.Equal([4L, 5], file.Bad.Select(row => row.Line));
        Assert.All(file.Bad, row => Assert.Contains("\"ISBN\" and \"ISBN13\" are empty", row.Reason, StringComparison.Ordinal));
        Assert.All(file.Bad, row => Assert.Contains("--key \"Book Id\"", row.Reason, StringComparison.Ordinal));
        Assert.Equal(["Book Id", "Author l-f", "Publisher", "My Review"], file.Unused);
        Assert.All(file.Rows, row => Assert.Null(row.Note));
    }

    [Fact]
    public async Task A_Goodreads_export_is_complete_with_its_own_numbers()
    {
        var file = await ReadAsync(Goodreads, new() { Columns = new Dictionary<BookField, string> { [BookField.Key] = "book_id" } });

        Assert.Empty(file.Bad);
        Assert.Equal(["book::61272956", "book::50891742", "book::15881", "book::3"], file.Books.Select(book => book.Key));
        Assert.Equal(new Book("Sorcerer's Stone", "J.K. Rowling; Mary GrandPré", 1997), file.Books[3].Book);
    }

    [Fact]
    public async Task A_number_that_is_no_ISBN_is_not_taken_for_one_without_its_zeros()
    {
        var csv = "Book Id,Title,ISBN\n61120081,T,\n";
        var file = await ReadAsync(csv, new() { Columns = new Dictionary<BookField, string> { [BookField.Key] = "Book Id" } });

        Assert.Equal("book::61120081", Assert.Single(file.Books).Key);
        Assert.Null(file.Rows[0].Note);
    }

    [Fact]
    public async Task A_Calibre_catalogue_keeps_description_year_and_tags()
    {
        var file = await ReadAsync(Calibre);

        Assert.Equal(
            [
                ("book::9780756411800", new Book(
                    "Witch", "Seanan McGuire", 2019, "Cryptids, Fantasy", "9780756411800", "Text.")),
                ("book::9780141439518", new Book("Later", "A; B", 2001, Isbn: "9780141439518")),
            ],
            file.Books);
        var bad = Assert.Single(file.Bad);
        Assert.Equal(3, bad.Line);
        Assert.Contains("--key \"id\"", bad.Reason, StringComparison.Ordinal);
        Assert.Equal(["author_sort", "rating", "timestamp", "id", "uuid"], file.Unused);

        var byId = await ReadAsync(Calibre, new() { Columns = new Dictionary<BookField, string> { [BookField.Key] = "id" } });
        Assert.Equal(
            ("book::865", new Book("Good Omens", "Terry Pratchett; Neil Gaiman", Description: "Line one\nline two")), byId.Books[1]);
    }

    [Fact]
    public async Task What_a_spreadsheet_has_damaged_is_told_and_mended_where_it_can_be()
    {
        var file = await ReadAsync(
            "isbn,title\n9.78045E+12,Nineteen Eighty-Four\n9.78045E+12,Dune\n439023483,The Hunger Games\n0-439-02348-3,Again\n"
            + "080442957x,Lower case\n043955493x,Wrong check digit\n61120081,Two zeros\n9780451524935.0,A float\n\"9,78045E+12\",German\n");

        Assert.Equal([2L, 3, 5, 10], file.Bad.Select(row => row.Line));
        foreach (var rounded in (int[])[0, 1, 3])
        {
            Assert.Contains("rounded", file.Bad[rounded].Reason, StringComparison.Ordinal);
            Assert.Contains("format text", file.Bad[rounded].Reason, StringComparison.Ordinal);
        }

        Assert.Contains("\"book::9780439023481\" is already in line 4", file.Bad[2].Reason, StringComparison.Ordinal);
        Assert.Equal(
            ["book::9780439023481", "book::9780804429573", "book::043955493x", "book::9780061120084", "book::9780451524935"],
            file.Books.Select(book => book.Key));
        Assert.Equal("0439023483", file.Books[0].Book.Isbn);
        Assert.Equal(
            [(4L, "0439023483"), (7, "check digit"), (8, "0061120081")],
            file.Rows.Where(row => row.Note is not null)
                .Zip(["0439023483", "check digit", "0061120081"], (row, part) => (row.Line, row.Note!.Contains(part) ? part : row.Note)));
    }

    [Fact]
    public async Task A_rounded_ISBN_beside_another_key_is_left_out_and_told()
    {
        var file = await ReadAsync("key,isbn13,title\na,9.78045E+12,A\n");

        Assert.Equal(("book::a", new Book("A")), Assert.Single(file.Books));
        Assert.Contains("rounded", file.Rows[0].Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proven_ISBN_of_any_column_makes_the_key()
    {
        var file = await ReadAsync("isbn,isbn13,title\n,9780439023481,A\n123,978-0-8044-2957-3,B\n9.7E+12,9780451524935,C\n");

        Assert.Equal(["book::9780439023481", "book::9780804429573", "book::9780451524935"], file.Books.Select(book => book.Key));
    }

    [Theory]
    [InlineData("sep=;\r\nkey;title;author;year\r\nsz;Der Prozess;Franz Kafka;1925\r\n", ';', "Franz Kafka")]
    [InlineData("key;title;author, first;year\nsz;Der Prozess;Kafka, Franz;1925\n", ';', "")]
    [InlineData("key\ttitle\tauthor\tyear\nsz\tDer Prozess\tKafka, Franz\t1925\n", '\t', "Kafka, Franz")]
    [InlineData("key|title|author|year\nsz|Der Prozess|Kafka, Franz|1925\n", '|', "Kafka, Franz")]
    [InlineData("key,title,author,year\nsz,Der Prozess,Kafka; Franz; x; y; z,1925\n", ',', "Kafka; Franz; x; y; z")]
    [InlineData("\uFEFF\"key\",\"title\",\"author\",\"year\"\r\n\"sz\",\"Der Prozess\",\"Franz Kafka\",\"1925\"\r\n", ',', "Franz Kafka")]
    public async Task The_separator_is_found_out(string csv, char separator, string author)
    {
        var file = await ReadAsync(csv);

        Assert.Equal(("book::sz", new Book("Der Prozess", author, 1925)), Assert.Single(file.Books));
        Assert.Equal(separator, file.Separator);
    }

    [Fact]
    public async Task Any_separator_and_any_column_can_be_named()
    {
        var options = new ImportOptions
        {
            Separator = ':',
            Columns = new Dictionary<BookField, string>
            {
                [BookField.Key] = "Nr", [BookField.Title] = "TITEL", [BookField.Description] = "", [BookField.Year] = "erste ausgabe",
            },
        };

        var file = await ReadAsync("nr:Titel:Erste_Ausgabe:description\n7:Der Prozess:1925:x\n", options);

        Assert.Equal(("book::7", new Book("Der Prozess", Year: 1925)), Assert.Single(file.Books));
        Assert.Equal(["description"], file.Unused);
        var error = await Assert.ThrowsAsync<ImportException>(() => ReadAsync("key,title\na,A\n", new()
        {
            Columns = new Dictionary<BookField, string> { [BookField.Genre] = "Regal" },
        }));
        Assert.Contains("no column Regal, which --map names", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8", false)]
    [InlineData("utf-8", true)]
    [InlineData("utf-16", false)]
    [InlineData("utf-16", true)]
    [InlineData("utf-16BE", false)]
    [InlineData("utf-16BE", true)]
    [InlineData("utf-32", true)]
    [InlineData("windows-1252", false)]
    public async Task The_encoding_is_found_out(string name, bool hasMark)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        var text = "key,title,author\nsz,Žena “a” muž – œuvre,François Čapek\n";
        if (name == "windows-1252")
            text = text.Replace('Č', 'C');

        var file = await ReadAsync([.. hasMark ? encoding.GetPreamble() : [], .. encoding.GetBytes(text)]);

        Assert.Equal(name, file.Encoding);
        var expected = new Book("Žena “a” muž – œuvre", name == "windows-1252" ? "François Capek" : "François Čapek");
        Assert.Equal(("book::sz", expected), Assert.Single(file.Books));
    }

    [Fact]
    public async Task A_pipe_is_read_once()
    {
        var pipe = PipeReader.Create(new(Encoding.UTF8.GetBytes("isbn;title\n0439023483;Žena\n"))).AsStream();
        await using var reader = await BookCsvReader.OpenAsync(pipe, new());

        var row = Assert.Single(await reader.ReadAsync().ToListAsync());
        Assert.Equal("Žena", BookPayload.Decode(row.Book!.Payload).Title);
    }

    [Fact]
    public async Task A_character_that_two_buffers_share_is_one()
    {
        for (var shift = 0; shift < 4; shift++)
        {
            var file = await ReadAsync($"key,title\nsz,T\n{new string('\n', (64 * 1024) - 18 + shift)}x,€€€\n");

            Assert.Equal("utf-8", file.Encoding);
            Assert.Equal("€€€", file.Books[1].Book.Title);
        }
    }

    [Fact]
    public async Task Keys_of_every_spelling_are_one_and_invisible_characters_are_named()
    {
        var file = await ReadAsync(
            "key,title\ncafe\u0301,NFD\ncaf\u00E9,NFC\nBook::dune-x,Prefix\n1984x\u200B,Zero width\n\"  1984y  \",Blanks\n"
            + "::other::x,Other\n");

        Assert.Equal(["book::caf\u00E9", "book::dune-x", "book::1984y", "other::x"], file.Books.Select(book => book.Key));
        Assert.Equal([3L, 5], file.Bad.Select(row => row.Line));
        Assert.Contains("already in line 2", file.Bad[0].Reason, StringComparison.Ordinal);
        Assert.Contains("U+200B", file.Bad[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_formula_need_not_be_in_quotes()
    {
        var file = await ReadAsync("isbn,title,genre\n=\"0439023483\",T,=\"\"\n=\"080442957X,T,\n");

        Assert.Equal(("book::9780439023481", new Book("T", Isbn: "0439023483")), Assert.Single(file.Books));
        Assert.Contains("quote", Assert.Single(file.Bad).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LibraryThing_and_Open_Library_are_known()
    {
        var thing = await ReadAsync(
            "'Book Id'\tTitle\tPrimary Author\tDate\tTags\tISBN\tISBNs\n1\tDune\tHerbert, Frank\t1965\tsf\t[0441013597]\t\n"
            + "2\tOld\tNobody\tn.d.\t\t[]\t0439023483, 9780439023481\n");
        var library = await ReadAsync("Work Id,Title,Authors,First Publish Year,isbn_13\nOL1W,Dune,\"Frank Herbert\",1965,9780441013593\n");
        var other = await ReadAsync("isbn,title,date\n9780441013593,Dune,2024/01/01\n");

        Assert.Equal(
            [
                ("book::9780441013593", new Book("Dune", "Herbert, Frank", 1965, "sf", "0441013597")),
                ("book::9780439023481", new Book("Old", "Nobody", Isbn: "0439023483")),
            ],
            thing.Books);
        Assert.Contains("n.d.", thing.Rows[1].Note, StringComparison.Ordinal);
        Assert.Equal(new Book("Dune", "Frank Herbert", 1965, Isbn: "9780441013593"), Assert.Single(library.Books).Book);
        Assert.Null(Assert.Single(other.Books).Book.Year);
    }

    private static Task<FileRead> ReadAsync(string csv, ImportOptions? options = null) => ReadAsync(Encoding.UTF8.GetBytes(csv), options);

    private static async Task<FileRead> ReadAsync(byte[] csv, ImportOptions? options = null)
    {
        using var stream = new MemoryStream(csv);
        await using var reader = await BookCsvReader.OpenAsync(stream, options ?? new());
        var rows = new List<CsvRow>();
        await foreach (var row in reader.ReadAsync())
            rows.Add(row);
        return new(rows, reader.UnusedColumns, reader.Encoding, reader.Separator);
    }

    private sealed record FileRead(List<CsvRow> Rows, IReadOnlyList<string> Unused, string Encoding, char Separator)
    {
        public List<(string Key, Book Book)> Books =>
            [.. Rows.Where(row => row.IsGood).Select(row => (row.Book!.Key, BookPayload.Decode(row.Book.Payload)))];

        public List<CsvRow> Bad => [.. Rows.Where(row => !row.IsGood)];
    }
}
