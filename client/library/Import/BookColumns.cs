using System.Globalization;

namespace OrleansCache.Client.Import;

/// <summary>
/// Maps a file's columns to the fields of a book. Knows the column names of the project's own file and those of goodbooks-10k, whose years
/// are written as floats and whose authors are separated by commas.
/// </summary>
internal sealed class BookColumns
{
    private const string KeyPrefix = "book::";
    private const int EarliestYear = -9999;
    private const int LatestYear = 9999;
    private static readonly string[] KeyNames = ["key", "isbn", "book_id"];

    private readonly string[] _header;
    private readonly int _key;
    private readonly int _title;
    private readonly int _otherTitle;
    private readonly int _author;
    private readonly int _authors;
    private readonly int _year;
    private readonly int _genre;
    private readonly int _isbn;
    private readonly int _description;

    /// <exception cref="ImportException">A required column is missing.</exception>
    public BookColumns(string[] names, string? keyColumn)
    {
        _header = [.. names.Select(name => name.Trim())];
        if (_header.All(string.IsNullOrEmpty))
        {
            throw new ImportException(
                "The file has no header: its first line must name the columns, such as key,title,author,year,genre,isbn,description.");
        }

        _title = Find("title", "original_title");
        if (_title < 0)
            throw Missing("title (or original_title)");
        _otherTitle = Find("original_title");
        _key = keyColumn is null ? Find(KeyNames) : Find(keyColumn.Trim());
        if (_key < 0)
        {
            throw Missing(keyColumn is null
                ? $"{string.Join(", ", KeyNames)} (one of them, or name another with --key)"
                : $"{keyColumn}, which --key names");
        }

        _author = Find("author");
        _authors = Find("authors");
        _year = Find("year", "original_publication_year", "publication_year");
        _genre = Find("genre");
        _isbn = Find("isbn");
        _description = Find("description");
    }

    public int Count => _header.Length;

    /// <summary>Makes a book of a row's <see cref="Count"/> fields.</summary>
    /// <exception cref="InvalidPayloadException">A field is invalid; the message names column and value.</exception>
    /// <exception cref="InvalidKeyException">The key column holds an invalid key.</exception>
    public KeyedPayload Read(string[] fields)
    {
        var bookKey = Key(fields);
        var book = new Book(
            Optional(fields, _title)
                ?? Optional(fields, _otherTitle)
                ?? throw new InvalidPayloadException($"Column \"{_header[_title]}\" is empty; a book needs a title."),
            Optional(fields, _author) ?? Authors(fields),
            Year(fields),
            Optional(fields, _genre),
            Optional(fields, _isbn),
            Optional(fields, _description));
        return new KeyedPayload(bookKey, BookPayload.Encode(book));
    }

    /// <summary>A value as a message shows it.</summary>
    public static string Shown(string value) => value.Length <= 60 ? value : string.Concat(value.AsSpan(0, 57), "...");

    // Files carry control characters by accident only; a terminal would take them for commands.
    private static string? Optional(string[] fields, int column) =>
        column >= 0 && PlainText.WithoutControls(fields[column]).Trim() is { Length: > 0 } value ? value : null;

    private string Key(string[] fields)
    {
        // As it is: a key with a control character is refused, and not made another one.
        var value = fields[_key].Trim() is { Length: > 0 } text
            ? text
            : throw new InvalidPayloadException(
                $"Column \"{_header[_key]}\" is empty, and the key comes from it. Choose another column with --key.");
        return CacheKey.Validate(value.StartsWith(KeyPrefix, StringComparison.Ordinal) ? value : KeyPrefix + value);
    }

    private string Authors(string[] fields) =>
        string.Join(
            "; ",
            (Optional(fields, _authors) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    private int? Year(string[] fields)
    {
        if (Optional(fields, _year) is not { } text)
            return null;
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        return decimal.TryParse(text, Style, CultureInfo.InvariantCulture, out var number)
            && number == decimal.Truncate(number) && number is >= EarliestYear and <= LatestYear
                ? (int)number
                : throw new InvalidPayloadException(
                    $"Column \"{_header[_year]}\" has \"{Shown(text)}\", which is no year: give a whole number from {EarliestYear} to "
                    + $"{LatestYear}, or nothing.");
    }

    private int Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (Array.FindIndex(_header, found => string.Equals(found, name, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index)
                return index;
        }

        return -1;
    }

    private ImportException Missing(string needed)
    {
        var found = string.Join(", ", _header.Take(40).Select(Shown));
        var hint = _header is [var only] && only.AsSpan().ContainsAny(';', '\t') ? " Columns are separated by commas." : "";
        return new ImportException($"The file has no column {needed}. Its first line names these columns: {found}.{hint}");
    }
}
