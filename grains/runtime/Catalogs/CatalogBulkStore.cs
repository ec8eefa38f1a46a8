namespace OrleansCache.Catalogs;

/// <summary>
/// Stores books unconditionally and without owners and leases, for imports into a catalog that no cluster reads yet: a book with the
/// same content is left as it is, any other is overwritten. It needs reads and writes only, so every catalog has it.
/// </summary>
public static class CatalogBulkStore
{
    private const int BooksAtATime = 1_000;

    /// <summary>
    /// Stores books, a thousand per transaction. A book with the same payload is left as it is. Of a key that occurs twice the last one
    /// counts. Books that somebody else edits at the same time are tried again.
    /// </summary>
    /// <returns>The outcome for each book in the same order; where a key occurs twice, the same for both.</returns>
    /// <exception cref="InvalidKeyException">A key is invalid; nothing was stored.</exception>
    /// <exception cref="InvalidPayloadException">A payload is too large or not text; nothing was stored.</exception>
    /// <exception cref="CatalogUnavailableException">The database is unreachable or refuses writes; nothing was stored.</exception>
    /// <exception cref="OutcomeUnknownException">Some or all of them may have been stored. Storing them again is safe.</exception>
    public static async Task<EditOutcome[]> StoreAsync(
        this ICatalog catalog, IReadOnlyList<KeyedPayload> books, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(books);
        var payloads = new Dictionary<string, byte[]>(books.Count, StringComparer.Ordinal);
        foreach (var book in books)
        {
            WriteBatch.Validate(CacheKey.Validate(book.Key), book.Payload);
            payloads[book.Key] = book.Payload;
        }

        var outcomes = new Dictionary<string, EditOutcome>(payloads.Count, StringComparer.Ordinal);
        foreach (var keys in payloads.Keys.Chunk(BooksAtATime))
            await StoreAsync(catalog, keys, payloads, outcomes, cancellation).ConfigureAwait(false);
        return [.. books.Select(book => outcomes[book.Key])];
    }

    private static async Task StoreAsync(
        ICatalog catalog,
        string[] keys,
        Dictionary<string, byte[]> payloads,
        Dictionary<string, EditOutcome> outcomes,
        CancellationToken cancellation)
    {
        try
        {
            IEnumerable<CachedRow> rows = await catalog.ReadAsync(keys, cancellation).ConfigureAwait(false);
            while (Edits(rows, payloads, outcomes) is { Length: > 0 } edits)
            {
                cancellation.ThrowIfCancellationRequested();
                var results = await catalog.WriteAsync([.. edits.Select(edit => edit.Write)], null, cancellation).ConfigureAwait(false);
                for (var i = 0; i < edits.Length; i++)
                {
                    if (results[i].Outcome is not CatalogWriteOutcome.Mismatch)
                        outcomes[edits[i].Write.Key] = edits[i].Outcome;
                }

                rows = results.Where(result => result.Outcome is CatalogWriteOutcome.Mismatch).Select(result => result.Row);
            }
        }
        catch (CatalogUnavailableException error) when (outcomes.Values.Any(outcome => outcome is not EditOutcome.Unchanged))
        {
            throw new OutcomeUnknownException(
                $"Only a part of {payloads.Count:N0} books was stored; store them again, which is safe. {error.Message}", error);
        }
    }

    private static (CatalogWrite Write, EditOutcome Outcome)[] Edits(
        IEnumerable<CachedRow> rows, Dictionary<string, byte[]> payloads, Dictionary<string, EditOutcome> outcomes)
    {
        var edits = new List<(CatalogWrite, EditOutcome)>();
        foreach (var row in rows)
        {
            var payload = payloads[row.Key];
            if (row.Exists && row.Payload.AsSpan().SequenceEqual(payload))
                outcomes[row.Key] = EditOutcome.Unchanged;
            else
                edits.Add((new(Guid.NewGuid(), row.Key, payload, row.Identity), row.Exists ? EditOutcome.Updated : EditOutcome.Created));
        }

        return [.. edits];
    }
}
