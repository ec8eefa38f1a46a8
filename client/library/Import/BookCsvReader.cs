using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using CsvHelper;

namespace OrleansCache.Client.Import;

/// <summary>
/// Reads books from a CSV file (RFC 4180, a header in the first line) row by row. An invalid row is returned with the reason, and reading
/// goes on.
/// </summary>
internal sealed class BookCsvReader : IAsyncDisposable
{
    /// <summary>The most books of one file; what tells their keys apart is kept in memory to find duplicates.</summary>
    public const int MaxBooks = 2_000_000;

    // An unclosed quote makes one row of the rest of the file; reading stops after so many bytes.
    private const int MaxRowBytes = 1_000_000;

    private readonly CsvReader _csv;
    private readonly Malformed _malformed;
    private readonly BookColumns _columns;
    private readonly Encoding _encoding;

    private BookCsvReader(CsvReader csv, Malformed malformed, BookColumns columns, Encoding encoding) =>
        (_csv, _malformed, _columns, _encoding) = (csv, malformed, columns, encoding);

    /// <summary>The names of the columns of which nothing is used.</summary>
    public IReadOnlyList<string> UnusedColumns => _columns.Unused;

    /// <summary>The name of the file's encoding.</summary>
    public string Encoding => _encoding.WebName;

    /// <summary>The separator of the fields.</summary>
    public char Separator => (char)_csv.Separator;

    /// <summary>Opens a file and reads its header.</summary>
    /// <param name="csv">The file; stays open.</param>
    /// <param name="options">The separator and the columns.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="ImportException">The file is empty, or lacks a column.</exception>
    public static async Task<BookCsvReader> OpenAsync(Stream csv, ImportOptions options, CancellationToken cancellation = default)
    {
        var encoding = await FileEncoding.OfAsync(csv, cancellation).ConfigureAwait(false);
        var malformed = new Malformed();
        var reader = CsvReader.Create(
            csv,
            new CsvReaderOptions
            {
                Separator = options.Separator,
                Encoding = encoding,
                MaxRecordSize = MaxRowBytes,
                TrackLineNumbers = true,
                OnMalformedRecord = found => malformed.Last = found,
            },
            leaveOpen: true);
        try
        {
            await TryAsync(() => reader.ReadHeaderAsync(cancellation)).ConfigureAwait(false);
            return new(reader, malformed, new([.. reader.Headers], options), encoding);
        }
        catch
        {
            await reader.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Reads the rows.</summary>
    /// <exception cref="ImportException">A row is too long, or there are too many.</exception>
    public async IAsyncEnumerable<CsvRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        // By their hashes, since a million keys would take a hundred megabytes. That two of so many have the same one is as likely as one
        // in nine million.
        var lines = new Dictionary<ulong, int>();
        var isRow = false;
        while (true)
        {
            await TryAsync(async () => isRow = await _csv.ReadAsync(cancellation).ConfigureAwait(false)).ConfigureAwait(false);
            if (!isRow)
                yield break;
            cancellation.ThrowIfCancellationRequested();
            var line = _csv.LineNumber;
            if (_csv.FieldCount <= 1 && string.IsNullOrWhiteSpace(_csv.GetString(0)))
                continue;
            var row = Read();
            if (row.IsGood && !lines.TryAdd(KeyHash.Of(row.Book.Key), (int)line))
                row = new CsvRow(line, null, $"The key \"{row.Book.Key}\" is already in line {lines[KeyHash.Of(row.Book.Key)]}.");
            if (lines.Count > MaxBooks)
            {
                throw new ImportException(
                    $"The file has more than {MaxBooks:N0} books; the first too many is in line {line}. Split the file.");
            }

            yield return row;
        }
    }

    public ValueTask DisposeAsync() => _csv.DisposeAsync();

    private CsvRow Read()
    {
        var line = _csv.LineNumber;
        if (_malformed.Last.LineNumber == line && !(_malformed.Last.Reason is CsvMalformedReason.StrayQuote && AreFormulas()))
            return Bad(Explain(_malformed.Last.Reason));
        if (_csv.FieldCount != _columns.Count)
        {
            return Bad(
                $"It has {_csv.FieldCount} fields where the header names {_columns.Count}. Put a field that contains a {Name(Separator)} "
                + "in quotes.");
        }

        var fields = new string[_columns.Count];
        for (var index = 0; index < fields.Length; index++)
        {
            fields[index] = _csv.GetString(index);
            if (!Utf8.IsValid(_csv.GetSpan(index)))
                return Bad($"\"{BookColumns.Shown(fields[index])}\" is not valid UTF-8. Save the file as UTF-8.");
        }

        try
        {
            var book = _columns.Read(fields, out var note);
            return new CsvRow(line, book, null, note);
        }
        catch (Exception error) when (error is InvalidPayloadException or InvalidKeyException)
        {
            return Bad(error.Message);
        }

        CsvRow Bad(string reason) => new(line, null, reason);
    }

    /// <summary>Whether all quotes in fields that are not quoted belong to a formula such as ="0439023483".</summary>
    private bool AreFormulas()
    {
        for (var index = 0; index < _csv.FieldCount; index++)
        {
            var raw = _csv.GetRawSpan(index);
            if (!raw.StartsWith("\""u8) && raw.Contains((byte)'"') && FieldText.Literal(_csv.GetString(index)) is null)
                return false;
        }

        return true;
    }

    private static string Name(char separator) => separator switch
    {
        ',' => "comma",
        ';' => "semicolon",
        '\t' => "tab",
        _ => $"\"{separator}\"",
    };

    private static string Explain(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.UnterminatedQuote => "A quote is opened in it and never closed, so it includes the rest of the file.",
        CsvMalformedReason.TextAfterClosingQuote => "It has text after a closing quote. A quote within a field is written twice.",
        _ => "It has a quote in a field that is not in quotes. Such a field must be in quotes, and a quote within it is written twice.",
    };

    private static async Task TryAsync(Func<ValueTask> read)
    {
        try
        {
            await read().ConfigureAwait(false);
        }
        catch (CsvFormatException error)
        {
            throw new ImportException(
                $"The file cannot be read beyond line {error.LineNumber}: a row is longer than {MaxRowBytes:N0} bytes. Probably a quote is "
                + "opened there and never closed.",
                error);
        }
    }

    /// <summary>The last row whose quotes are wrong.</summary>
    private sealed class Malformed
    {
        public CsvMalformedRecord Last { get; set; }
    }
}
