using System.Collections.Immutable;

namespace OrleansCache.Client.Import;

/// <summary>Imports the books of a CSV file into a catalog, in batches and bounded memory.</summary>
/// <param name="store">Stores a batch and returns the outcome of each book, in order.</param>
public sealed class BookImporter(Func<IReadOnlyList<KeyedPayload>, CancellationToken, Task<EditOutcome[]>> store)
{
    /// <summary>
    /// Imports a file. Invalid rows are counted and the others are stored, unless <see cref="ImportOptions.Strict"/> asks for all or
    /// nothing. Books that were stored before an exception stay; importing the file again is safe.
    /// </summary>
    /// <param name="open">Opens the file from its beginning; called twice for a strict import.</param>
    /// <param name="options">The columns, the separator, strictness and batch size.</param>
    /// <param name="progress">Receives the number of processed rows after each batch.</param>
    /// <param name="cancellation">Ends the import after the batch that is being stored.</param>
    /// <exception cref="ImportException">The file cannot be read.</exception>
    /// <exception cref="CacheException">A batch could not be stored.</exception>
    public async Task<BookImport> RunAsync(
        Func<Stream> open, ImportOptions options, IProgress<long>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchSize);
        if (options.Strict)
        {
            var check = await ReadAsync(open, options, (_, _) => Task.FromResult<EditOutcome[]>([]), null, cancellation)
                .ConfigureAwait(false);
            if (check.Bad > 0)
                return check;
        }

        return await ReadAsync(open, options, store, progress, cancellation).ConfigureAwait(false);
    }

    private static async Task<BookImport> ReadAsync(
        Func<Stream> open,
        ImportOptions options,
        Func<IReadOnlyList<KeyedPayload>, CancellationToken, Task<EditOutcome[]>> store,
        IProgress<long>? progress,
        CancellationToken cancellation)
    {
        var counts = new long[Enum.GetValues<EditOutcome>().Length];
        var badRows = ImmutableArray.CreateBuilder<BadRow>();
        var notes = ImmutableArray.CreateBuilder<ImportNote>();
        var batch = new List<KeyedPayload>(options.BatchSize);
        long bad = 0, rows = 0, noted = 0;
        await using var csv = open();
        await using var reader = await BookCsvReader.OpenAsync(csv, options, cancellation).ConfigureAwait(false);
        await foreach (var row in reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            rows++;
            if (row.IsGood)
                batch.Add(row.Book);
            else if (bad++ < BookImport.MaxBadRows)
                badRows.Add(new BadRow(row.Line, row.Reason));
            if (row.Note is not null && noted++ < BookImport.MaxNotes)
                notes.Add(new ImportNote(row.Line, row.Note));
            if (batch.Count == options.BatchSize)
                await StoreAsync().ConfigureAwait(false);
        }

        await StoreAsync().ConfigureAwait(false);
        return new BookImport(
            counts[(int)EditOutcome.Created],
            counts[(int)EditOutcome.Updated],
            counts[(int)EditOutcome.Unchanged],
            bad,
            badRows.ToImmutable())
        {
            NotStored = rows - bad - counts.Sum(),
            Noted = noted,
            Notes = notes.ToImmutable(),
            UnusedColumns = [.. reader.UnusedColumns],
            Encoding = reader.Encoding,
            Separator = reader.Separator,
        };

        async Task StoreAsync()
        {
            if (batch.Count > 0)
            {
                foreach (var outcome in await store(batch.ToArray(), cancellation).ConfigureAwait(false))
                    counts[(int)outcome]++;
                batch.Clear();
            }

            progress?.Report(rows);
        }
    }
}
