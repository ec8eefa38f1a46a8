using Orleans.Concurrency;
using Orleans.GrainDirectory;
using OrleansCache.Catalogs;
using OrleansCache.Entries;
using OrleansCache.Placement;
using OrleansCache.Timing;

namespace OrleansCache.Administration;

/// <inheritdoc cref="ICatalogGrain"/>
[StatelessWorker(1), GrainDirectory(ComputedPlaces.Name)]
internal sealed class CatalogGrain(ICatalog catalog, Clock clock) : Grain, ICatalogGrain
{
    private const int PageKeys = 500;
    private const int PageBytes = 512 * 1024;

    // The queries of lookups wait for one of these at most.
    private const int KeysAtATime = 50;

    // Below the time after which the caller's call fails anyway, without a reason.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public async Task<CatalogPage> ReadPageAsync(string? after)
    {
        using var limit = new CancellationTokenSource(Limit, clock.TimeProvider);
        var page = ReadPageAsync(after, limit.Token);
        // A database that hangs does not react to a cancellation.
        await ((Task)page).WaitAsync(Limit, clock.TimeProvider)
            .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
        if (page.IsCompleted && !page.IsCanceled)
            return await page;
        page.ObserveError();
        throw new CatalogUnavailableException(
            $"The catalog did not give the books after {(after is null ? "the beginning" : $"\"{after}\"")} within "
            + $"{Limit.TotalSeconds:0} s. Check its server and the way to it.");
    }

    private async Task<CatalogPage> ReadPageAsync(string? after, CancellationToken cancellation)
    {
        var keys = await catalog.ListKeysAsync(after, PageKeys, cancellation);
        var (books, bytes, last) = (new List<KeyedPayload>(keys.Count), 0, after);
        foreach (var some in keys.Chunk(KeysAtATime))
        {
            foreach (var row in await catalog.ReadAsync(some, cancellation))
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
