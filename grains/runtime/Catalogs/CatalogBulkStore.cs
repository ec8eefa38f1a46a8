namespace OrleansCache.Catalogs;

/// <summary>
/// Stores books whatever the catalog holds, for imports and for whoever has no reader to think of: what has the same content already
/// is left alone, anything else is written over. It stands on reading and writing alone, so every catalog has it.
/// </summary>
public static class CatalogBulkStore
{
    private const int BooksAtATime = 1_000;

    /// <summary>
    /// Stores books, a thousand in a transaction. A book that is there with the same payload is left as it is; another content is an edit.
    /// Of a key that stands twice the last one counts. Where somebody else edits the same books meanwhile, those are tried again.
    /// </summary>
    /// <returns>For each book in order what became of its key; where a key stands twice, the same for both.</returns>
    /// <exception cref="InvalidKeyException">One of the keys cannot be a key; nothing was stored.</exception>
    /// <exception cref="InvalidPayloadException">One of the payloads is too large or no text; nothing was stored.</exception>
    /// <exception cref="CatalogUnavailableException">The database cannot be reached or written; nothing was stored.</exception>
    /// <exception cref="OutcomeUnknownException">Some of them may have been stored, or all. Storing them again is safe.</exception>
    public static async Task<EditOutcome[]> StoreAsync(this ICatalog catalog, IReadOnlyList<KeyedPayload> books, CancellationToken cancellation)
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
        ICatalog catalog, string[] keys, Dictionary<string, byte[]> payloads, Dictionary<string, EditOutcome> outcomes, CancellationToken cancellation)
    {
        try
        {
            IEnumerable<CachedRow> rows = await catalog.ReadAsync(keys, cancellation).ConfigureAwait(false);
            while (Edits(rows, payloads, outcomes) is { Length: > 0 } edits)
            {
                cancellation.ThrowIfCancellationRequested();
                var results = await catalog.WriteAsync([.. edits.Select(edit => edit.Write)], cancellation).ConfigureAwait(false);
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
            throw new OutcomeUnknownException($"Only a part of {payloads.Count:N0} books was stored; store them again, which is safe. {error.Message}", error);
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
