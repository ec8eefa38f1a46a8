using System.Globalization;
using CsvHelper;
using OrleansCache.Client.Import;

namespace OrleansCache.Client.Export;

/// <summary>
/// Writes books as a CSV file that an import takes back with every field as it was, whatever the field holds (<see cref="FieldText"/>). The
/// file is UTF-8 with a mark, without which spreadsheets take it for another encoding.
/// </summary>
public static class BookExporter
{
    /// <summary>The most keys of unreadable books that are listed; the others are only counted.</summary>
    public const int MaxUnreadable = 20;

    private static readonly string[] Header = ["key", "title", "author", "year", "genre", "isbn", "description"];

    private static readonly CsvWriterOptions Options = new() { WriteByteOrderMark = true, NewLine = "\n" };

    /// <summary>Writes books, in bounded memory.</summary>
    /// <param name="books">The books.</param>
    /// <param name="csv">The file; stays open.</param>
    /// <param name="progress">Receives the number of written books now and then.</param>
    /// <param name="cancellation">Ends the writing; the file is unfinished then.</param>
    public static async Task<BookExport> RunAsync(
        IAsyncEnumerable<KeyedPayload> books, Stream csv, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(books);
        const int Step = 1_000;
        var (written, unreadable, keys) = (0L, 0L, new List<string>());
        await using var writer = CsvWriter.Create(csv, Options, leaveOpen: true);
        writer.WriteHeader(Header);
        await foreach (var (key, payload) in books.WithCancellation(cancellation).ConfigureAwait(false))
        {
            Book book;
            try
            {
                book = BookPayload.Decode(payload);
            }
            catch (InvalidPayloadException)
            {
                if (unreadable++ < MaxUnreadable)
                    keys.Add(key);
                continue;
            }

            await writer.WriteRecordAsync(Fields(key, book), cancellation).ConfigureAwait(false);
            if (++written % Step == 0)
                progress?.Report(written);
        }

        await writer.FlushAsync(cancellation).ConfigureAwait(false);
        progress?.Report(written);
        return new(written, unreadable, [.. keys]);
    }

    private static string[] Fields(string key, Book book) =>
    [
        KeyField.Write(key),
        FieldText.Write(book.Title),
        FieldText.Write(book.Author),
        book.Year?.ToString(CultureInfo.InvariantCulture) ?? "",
        FieldText.Write(book.Genre),
        IsbnField(book.Isbn),
        FieldText.Write(book.Description),
    ];

    // What an import would mend is written so that it is left alone.
    private static string IsbnField(string? isbn) =>
        string.IsNullOrEmpty(isbn) || (IsbnText.Of(isbn) is var read && read.Text == isbn && read.State is not IsbnState.Rounded)
            ? FieldText.Write(isbn)
            : FieldText.Wrap(isbn);
}
