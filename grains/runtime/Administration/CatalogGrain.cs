using Orleans.Concurrency;
using Orleans.GrainDirectory;
using OrleansCache.Catalogs;
using OrleansCache.Placement;

namespace OrleansCache.Administration;

/// <inheritdoc cref="ICatalogGrain"/>
[StatelessWorker(1), GrainDirectory(ComputedPlaces.Name)]
internal sealed class CatalogGrain(ICatalog catalog) : Grain, ICatalogGrain
{
    private const int PageKeys = 500;
    private const int PageBytes = 512 * 1024;

    // The queries of lookups wait for one of these at most.
    private const int KeysAtATime = 50;

    /// <inheritdoc/>
    public async Task<CatalogPage> ReadPageAsync(string? after)
    {
        var keys = await catalog.ListKeysAsync(after, PageKeys, CancellationToken.None);
        var (books, bytes, last) = (new List<KeyedPayload>(keys.Count), 0, after);
        foreach (var some in keys.Chunk(KeysAtATime))
        {
            foreach (var row in await catalog.ReadAsync(some, CancellationToken.None))
            {
                last = row.Key;
                // It may have been removed since its key was listed.
                if (row.Payload is not { } payload)
                    continue;
                books.Add(new(row.Key, payload));
                bytes += payload.Length;
            }

            if (bytes >= PageBytes)
                break;
        }

        return new([.. books], keys.Count < PageKeys && (keys.Count == 0 || last == keys[^1]) ? null : last);
    }
}
