using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Unicode;
using CsvHelper;

namespace OrleansCache.Client.Import;

/// <summary>
/// Reads books from a CSV file (RFC 4180, UTF-8, a header in the first line) row by row. An invalid row is returned with the reason, and
/// reading goes on.
/// </summary>
internal static class BookCsvReader
{
    /// <summary>The most books of one file; their keys are kept in memory to find duplicates.</summary>
    public const int MaxBooks = 2_000_000;

    // An unclosed quote makes one row of the rest of the file; reading stops after so many bytes.
    private const int MaxRowBytes = 1_000_000;

    /// <summary>Reads a file.</summary>
    /// <param name="csv">The file; stays open.</param>
    /// <param name="keyColumn">See <see cref="ImportOptions.KeyColumn"/>.</param>
    /// <param name="cancellation">Cancels the reading.</param>
    /// <exception cref="ImportException">The file is empty, lacks a column, or has a row that is too long.</exception>
    public static async IAsyncEnumerable<CsvRow> ReadAsync(
        Stream csv, string? keyColumn, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var malformed = default(CsvMalformedRecord);
        await using var reader = CsvReader.Create(
            csv,
            new CsvReaderOptions
            {
                Separator = ',',
                MaxRecordSize = MaxRowBytes,
                TrackLineNumbers = true,
                OnMalformedRecord = found => malformed = found,
            },
            leaveOpen: true);

        var any = await NextAsync(reader, cancellation).ConfigureAwait(false);
        var columns = new BookColumns([.. reader.Headers], keyColumn);
        var lines = new Dictionary<string, long>(StringComparer.Ordinal);
        for (; any; any = await NextAsync(reader, cancellation).ConfigureAwait(false))
        {
            cancellation.ThrowIfCancellationRequested();
            var line = reader.LineNumber;
            if (reader.FieldCount <= 1 && string.IsNullOrWhiteSpace(reader.GetString(0)))
                continue;
            var row = Read(columns, reader, malformed.LineNumber == line ? malformed.Reason : null);
            if (row.IsGood && !lines.TryAdd(row.Book.Key, line))
                row = new CsvRow(line, null, $"The key \"{row.Book.Key}\" is already in line {lines[row.Book.Key]}.");
            if (lines.Count > MaxBooks)
            {
                throw new ImportException(
                    $"The file has more than {MaxBooks:N0} books; the first too many is in line {line}. Split the file.");
            }

            yield return row;
        }
    }

    private static CsvRow Read(BookColumns columns, CsvReader reader, CsvMalformedReason? malformed)
    {
        if (malformed is { } reason)
            return Bad(Explain(reason));
        if (reader.FieldCount != columns.Count)
        {
            return Bad(
                $"It has {reader.FieldCount} fields where the header names {columns.Count}. Put a field that contains a comma in quotes.");
        }

        var fields = new string[columns.Count];
        for (var index = 0; index < fields.Length; index++)
        {
            fields[index] = reader.GetString(index);
            if (!Utf8.IsValid(reader.GetSpan(index)))
                return Bad($"\"{BookColumns.Shown(fields[index])}\" is not valid UTF-8. Save the file as UTF-8.");
        }

        try
        {
            return new CsvRow(reader.LineNumber, columns.Read(fields), null);
        }
        catch (Exception error) when (error is InvalidPayloadException or InvalidKeyException)
        {
            return Bad(error.Message);
        }

        CsvRow Bad(string reason) => new(reader.LineNumber, null, reason);
    }

    private static string Explain(CsvMalformedReason reason) => reason switch
    {
        CsvMalformedReason.UnterminatedQuote => "A quote is opened in it and never closed, so it includes the rest of the file.",
        CsvMalformedReason.TextAfterClosingQuote => "It has text after a closing quote. A quote within a field is written twice.",
        _ => "It has a quote in a field that is not in quotes. Such a field must be in quotes, and a quote within it is written twice.",
    };

    private static async ValueTask<bool> NextAsync(CsvReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadAsync(cancellation).ConfigureAwait(false);
        }
        catch (CsvFormatException error)
        {
            throw new ImportException(
                $"The file cannot be read beyond line {error.LineNumber}: a row is longer than {MaxRowBytes:N0} bytes. Probably a quote is "
                + "opened there and never closed.",
                error);
        }
    }
}

/// <summary>A row of a file: a book, or the reason why the row is invalid.</summary>
/// <param name="Line">The line of the file that the row begins in, from 1.</param>
/// <param name="Book">The book to store; null when the row is invalid.</param>
/// <param name="Reason">Why the row is invalid; null when it is valid.</param>
internal readonly record struct CsvRow(long Line, KeyedPayload? Book, string? Reason)
{
    /// <summary>Whether the row is a book.</summary>
    [MemberNotNullWhen(true, nameof(Book))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool IsGood => Book is not null;
}
