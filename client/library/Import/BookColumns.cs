namespace OrleansCache.Client.Import;

/// <summary>Maps a file's columns to the fields of a book, by their <see cref="ColumnNames"/> or as the import's options say.</summary>
internal sealed class BookColumns
{
    private static readonly char[] BetweenAuthors = [',', ';', '&'];

    private readonly string[] _header;
    private readonly string[] _plain;
    private readonly Dictionary<BookField, int[]> _columns = [];
    private readonly int _lastKey = -1;

    /// <exception cref="ImportException">A required column is missing.</exception>
    public BookColumns(string[] names, ImportOptions options)
    {
        _header = [.. names.Select(FieldText.Read)];
        _plain = Array.ConvertAll(_header, ColumnNames.Plain);
        if (_header.All(string.IsNullOrEmpty))
        {
            throw new ImportException(
                "The file has no header: its first line must name the columns, such as key,title,author,year,genre,isbn,description.");
        }

        foreach (var (field, known) in ColumnNames.Known)
            _columns[field] = options.Columns.TryGetValue(field, out var named) ? Named(field, named) : Find(known);
        if (_columns[BookField.Title].Length == 0)
            throw Missing("title (or original_title)");
        if (!options.Columns.ContainsKey(BookField.Year) && _plain.Contains(ColumnNames.LibraryThingAuthor))
            _columns[BookField.Year] = [.. _columns[BookField.Year], .. Find(ColumnNames.LibraryThingDate)];
        if (_columns[BookField.Key].Length > 0 || _columns[BookField.Isbn].Length > 0)
            return;
        _lastKey = Array.IndexOf(_plain, ColumnNames.LastKey);
        if (_lastKey < 0)
            throw Missing($"key, isbn, isbn13, {ColumnNames.LastKey} (one of them, or name another with --key)");
    }

    public int Count => _header.Length;

    /// <summary>The names of the columns of which nothing is used.</summary>
    public string[] Unused
    {
        get
        {
            var used = _columns.Values.SelectMany(columns => columns).Append(_lastKey).ToHashSet();
            return [.. _header.Where((name, column) => name.Length > 0 && !used.Contains(column))];
        }
    }

    /// <summary>Makes a book of a row's <see cref="Count"/> fields.</summary>
    /// <param name="fields">The fields as the file has them.</param>
    /// <param name="note">What was mended or left out; null if there is nothing to tell.</param>
    /// <exception cref="InvalidPayloadException">A field is invalid; the message names column and value.</exception>
    /// <exception cref="InvalidKeyException">The key column holds an invalid key.</exception>
    public KeyedPayload Read(string[] fields, out string? note)
    {
        var notes = new List<string>();
        var title = First(BookField.Title, fields)
            ?? throw new InvalidPayloadException(
                $"Column \"{_header[_columns[BookField.Title][0]]}\" is empty; a book needs a title.");
        var (isbn, isbnColumn) = BestIsbn(fields);
        var key = Key(fields, isbn, isbnColumn, notes);
        var book = new Book(
            title,
            Authors(fields),
            Year(fields, notes),
            First(BookField.Genre, fields),
            Kept(isbn, isbnColumn, fields, notes),
            First(BookField.Description, fields));
        note = notes.Count == 0 ? null : string.Join(' ', notes);
        return new KeyedPayload(key, BookPayload.Encode(book));
    }

    /// <summary>A value as a message shows it.</summary>
    public static string Shown(string value) => value.Length <= 60 ? value : string.Concat(value.AsSpan(0, 57), "...");

    private static string? Value(string field) => FieldText.Read(field) is { Length: > 0 } text ? text : null;

    private string? First(BookField field, string[] fields)
    {
        foreach (var column in _columns[field])
        {
            if (Value(fields[column]) is { } text)
                return text;
        }

        return null;
    }

    /// <summary>The ISBN of a row and its column: a proven one rather than another, and that rather than a rounded one.</summary>
    private (IsbnText? Isbn, int Column) BestIsbn(string[] fields)
    {
        (IsbnText? Isbn, int Column) best = (null, -1);
        foreach (var column in _columns[BookField.Isbn])
        {
            if (Value(fields[column]) is not { } text)
                continue;
            var isbn = IsbnText.Of(text);
            if (best.Isbn is not { } other || isbn.State < other.State)
                best = (isbn, column);
        }

        return best;
    }

    /// <summary>The ISBN as the book has it: as the file has it, but for lost zeros.</summary>
    private string? Kept(IsbnText? isbn, int column, string[] fields, List<string> notes)
    {
        if (isbn is not { } found)
            return null;
        var literal = FieldText.Literal(fields[column]);
        if (literal is not null || found.State is IsbnState.Good or IsbnState.Unproven)
            return literal ?? found.Text;
        if (found.State is IsbnState.Rounded)
        {
            notes.Add(
                $"Column \"{_header[column]}\" has \"{found.Text}\", a number that a spreadsheet has rounded; the book has no ISBN now.");
            return null;
        }

        return found.Text;
    }

    private string Key(string[] fields, IsbnText? isbn, int isbnColumn, List<string> notes)
    {
        if (_columns[BookField.Key] is [var column, ..])
        {
            var text = KeyText(fields[column]);
            if (text.Length == 0)
                throw WithoutKey([column]);
            var number = IsbnText.Of(text);
            // A number of another column may look like an ISBN that has lost its zeros.
            return _columns[BookField.Isbn].Contains(column) || number.State is IsbnState.Rounded
                ? OfIsbn(text, number, column, notes)
                : KeyField.Read(text);
        }

        if (isbn is { } found)
            return OfIsbn(KeyText(fields[isbnColumn]), found, isbnColumn, notes);
        if (_lastKey >= 0 && KeyText(fields[_lastKey]) is { Length: > 0 } id)
            return BookKey.OfName(id);
        throw WithoutKey(_lastKey >= 0 ? [_lastKey] : _columns[BookField.Isbn]);
    }

    // With its control characters: a key that has some is refused, and not made another one.
    private static string KeyText(string field) => FieldText.Literal(field) ?? field.Trim();

    private string OfIsbn(string text, IsbnText isbn, int column, List<string> notes)
    {
        switch (isbn.State)
        {
            case IsbnState.Rounded:
                throw new InvalidPayloadException(
                    $"Column \"{_header[column]}\" has \"{Shown(text)}\": a spreadsheet has rounded this number, and the ISBN is lost. "
                    + "Give that column the format text before the ISBNs are put in, or export the file again and import it as it is.");
            case IsbnState.Mended:
                notes.Add(
                    $"Column \"{_header[column]}\" has \"{Shown(text)}\", an ISBN without its leading zeros; it was read as {isbn.Text}.");
                return BookKey.OfName(isbn.Text);
            case IsbnState.Unproven:
                notes.Add(
                    $"Column \"{_header[column]}\" has \"{Shown(text)}\", no ISBN by its check digit; the key has it as it stands.");
                return BookKey.OfName(text);
            default:
                return BookKey.OfName(isbn.Text);
        }
    }

    private InvalidPayloadException WithoutKey(int[] columns)
    {
        var names = string.Join(" and ", columns.Select(column => $"\"{_header[column]}\""));
        var other = Array.FindIndex(_plain, ColumnNames.Identifiers.Contains);
        var choice = other >= 0 && !columns.Contains(other) ? $", such as --key \"{_header[other]}\"" : " with --key";
        return new(
            columns.Length == 1
                ? $"Column {names} is empty, and the key comes from it. Choose another column{choice}."
                : $"Columns {names} are empty, and the key comes from them. Choose another column{choice}.");
    }

    private string Authors(string[] fields)
    {
        var author = First(BookField.Author, fields);
        var others = _columns[BookField.Authors].SelectMany(column => FieldText.Read(fields[column]).Split(
            BetweenAuthors, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToArray();
        if (others.Length == 0)
            return author ?? "";
        return string.Join("; ", (author is null ? others : [author, .. others]).Distinct(StringComparer.OrdinalIgnoreCase));
    }

    private int? Year(string[] fields, List<string> notes)
    {
        foreach (var column in _columns[BookField.Year])
        {
            if (Value(fields[column]) is not { } text)
                continue;
            if (YearText.TryRead(text, out var year))
            {
                if (year is not null)
                    return year;
            }
            else if (_plain[column].Contains("date", StringComparison.Ordinal))
            {
                notes.Add($"Column \"{_header[column]}\" has \"{Shown(text)}\", which is no date; the book has no year.");
            }
            else
            {
                throw new InvalidPayloadException(
                    $"Column \"{_header[column]}\" has \"{Shown(text)}\", which is no year: give a whole number from {YearText.Earliest} "
                    + $"to {YearText.Latest}, a date, or nothing; --map year= leaves all years out.");
            }
        }

        return null;
    }

    private int[] Find(params ReadOnlySpan<string> names)
    {
        var found = new List<int>();
        foreach (var name in names)
        {
            if (Array.IndexOf(_plain, name) is >= 0 and var column)
                found.Add(column);
        }

        return [.. found];
    }

    private int[] Named(BookField field, string name)
    {
        var plain = ColumnNames.Plain(name);
        if (plain.Length == 0)
            return [];
        return Find(plain) is { Length: > 0 } found
            ? found
            : throw Missing(field is BookField.Key ? $"{name}, which --key names" : $"{name}, which --map names");
    }

    private ImportException Missing(string needed)
    {
        var found = string.Join(", ", _header.Take(40).Select(Shown));
        var hint = _header is [_] ? " If its columns are separated by something else than , ; | or a tab, say so with --separator." : "";
        return new ImportException($"The file has no column {needed}. Its first line names these columns: {found}.{hint}");
    }
}
