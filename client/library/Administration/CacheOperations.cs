using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <inheritdoc cref="ICacheOperations"/>
internal sealed class CacheOperations(
    RegionClients clients,
    FirstConnection connection,
    Editor editor,
    RegionMap regions,
    IOptions<CacheClientOptions> clientOptions,
    TimeProvider time) : ICacheOperations
{
    private const int SlotsAtATime = 8;
    private const int BatchBytes = 512 * 1024;

    private readonly CacheClientOptions _options = clientOptions.Value;

    public RegionConnection ConnectionOf(string region) => clients.ConnectionOf(regions.OrderFrom(region)[0]);

    public Task<RegionRing> GetRingAsync(string region, CancellationToken cancellation = default) =>
        AskRouterAsync(region, router => router.GetRingAsync(), cancellation);

    public Task<RegionRing> AddNodeAsync(
        string region, string name, string connection, int weight = HashRing.DefaultWeight, CancellationToken cancellation = default) =>
        OperateAsync(region, router => router.AddNodeAsync(name, connection, weight), cancellation);

    public Task<RegionRing> RemoveNodeAsync(string region, string name, CancellationToken cancellation = default) =>
        OperateAsync(region, router => router.RemoveNodeAsync(name), cancellation);

    public Task<RegionRing> SetNodeWeightAsync(string region, string name, int weight, CancellationToken cancellation = default) =>
        OperateAsync(region, router => router.SetNodeWeightAsync(name, weight), cancellation);

    public async Task<IReadOnlyList<SiloStatistics>> GetStatisticsAsync(string region, CancellationToken cancellation = default) =>
        await AskRouterAsync(region, router => router.GetStatisticsAsync(), cancellation).ConfigureAwait(false);

    public async Task<IReadOnlyList<SiloHotKeys>> GetHotKeysAsync(string region, CancellationToken cancellation = default) =>
        await AskRouterAsync(region, router => router.GetHotKeysAsync(), cancellation).ConfigureAwait(false);

    public async Task<CatalogInspection> PeekCatalogAsync(string key, CancellationToken cancellation = default)
    {
        var (_, seen) = await PeekSpelledAsync(BookKey.Of(key), key, cancellation).ConfigureAwait(false);
        return seen;
    }

    public async Task<RegionInspection> PeekAsync(string region, string key, CancellationToken cancellation = default)
    {
        var kept = BookKey.Of(key);
        if (kept != key)
            (kept, _) = await PeekSpelledAsync(kept, key, cancellation).ConfigureAwait(false);
        return await AskRouterAsync(region, router => router.PeekAsync(kept), cancellation).ConfigureAwait(false);
    }

    public async Task<RegionPurge> PurgeAsync(string region, IReadOnlyCollection<string>? keys, CancellationToken cancellation = default)
    {
        // All spellings, since any may be held.
        string[]? distinct = keys is null ? null : [.. keys.SelectMany(BookKey.Spellings).Distinct()];
        return await OperateAsync(region, router => router.PurgeAsync(distinct), cancellation).ConfigureAwait(false);
    }

    public async Task<EditOutcome[]> StoreAsync(IReadOnlyList<KeyedPayload> books, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(books);
        // All keys are parsed before anything is sent.
        books = [.. books.Select(book => BookKey.Of(book.Key) is var kept && kept == book.Key ? book : book with { Key = kept })];
        int[] slots = [.. books.Select(book => CacheKey.Parse(book.Key).SlotOf(_options.Slots))];
        var outcomes = new EditOutcome[books.Count];
        var bySlot = Enumerable.Range(0, books.Count).GroupBy(i => slots[i]);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = SlotsAtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(bySlot, parallel, async (slot, stop) =>
        {
            // Batches of a slot go one after the other, so that the later of two books of one key is the one that stays.
            foreach (var batch in Batches(books, slot))
            {
                var stored = await StoreAsync(slot.Key, [.. batch.Select(i => books[i])], stop).ConfigureAwait(false);
                for (var i = 0; i < stored.Length; i++)
                    outcomes[batch[i]] = stored[i];
            }
        }).ConfigureAwait(false);
        return outcomes;
    }

    public async IAsyncEnumerable<KeyedPayload> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string? after = null;
        do
        {
            var page = await CallAsync(regions.Home, ReadPageAsync, cancellation).ConfigureAwait(false);
            foreach (var book in page.Books)
                yield return book;
            after = page.Next;
        }
        while (after is not null);

        Task<CatalogPage> ReadPageAsync(IGrainFactory grains)
        {
            using (OperatorToken.Show(_options.OperatorToken))
                return grains.GetGrain<ICatalogGrain>(0).ReadPageAsync(after);
        }
    }

    /// <summary>
    /// What the catalog has under the kept spelling, or under the given one if only that has a book. Nothing is guessed: what is told is
    /// about the key that was given.
    /// </summary>
    private async Task<(string Key, CatalogInspection Seen)> PeekSpelledAsync(
        string kept, string given, CancellationToken cancellation)
    {
        var seen = await PeekKeptAsync(kept, cancellation).ConfigureAwait(false);
        if (seen.Exists || kept == given)
            return (kept, seen);
        var older = await PeekKeptAsync(given, cancellation).ConfigureAwait(false);
        return older.Exists ? (given, older) : (kept, seen);
    }

    private Task<CatalogInspection> PeekKeptAsync(string key, CancellationToken cancellation)
    {
        var slot = CacheKey.Parse(key).SlotOf(_options.Slots).ToString(CultureInfo.InvariantCulture);
        return CallAsync(regions.Home, grains => grains.GetGrain<IOwnerGrain>(slot).PeekAsync(key), cancellation);
    }

    /// <summary>Cuts a slot's books into batches that fit into a message.</summary>
    private static IEnumerable<List<int>> Batches(IReadOnlyList<KeyedPayload> books, IEnumerable<int> slot)
    {
        var (batch, bytes) = (new List<int>(), 0);
        foreach (var i in slot)
        {
            if (batch.Count == MessageLimits.Edits || (batch.Count > 0 && bytes + books[i].Payload.Length > BatchBytes))
            {
                yield return batch;
                (batch, bytes) = ([], 0);
            }

            batch.Add(i);
            bytes += books[i].Payload.Length;
        }

        yield return batch;
    }

    private async Task<EditOutcome[]> StoreAsync(int slot, KeyedPayload[] books, CancellationToken cancellation)
    {
        var edits = Array.ConvertAll(books, book => new Edit(Guid.NewGuid(), book.Key, book.Payload));
        var results = await editor.EditAsync(slot, edits, cancellation).ConfigureAwait(false);
        return Array.ConvertAll(results, result => result.Outcome);
    }

    private Task<T> AskRouterAsync<T>(string region, Func<IRegionRouterGrain, Task<T>> ask, CancellationToken cancellation) =>
        CallAsync(region, grains => ask(grains.GetGrain<IRegionRouterGrain>(region)), cancellation);

    private Task<T> OperateAsync<T>(string region, Func<IRegionRouterGrain, Task<T>> operate, CancellationToken cancellation) =>
        AskRouterAsync(
            region,
            router =>
            {
                using (OperatorToken.Show(_options.OperatorToken))
                    return operate(router);
            },
            cancellation);

    /// <summary>Calls a grain through the client of its own region, or through the first other one that is connected.</summary>
    private async Task<T> CallAsync<T>(string region, Func<IGrainFactory, Task<T>> call, CancellationToken cancellation)
    {
        Exception? last = null;
        var order = regions.OrderFrom(region);
        await connection.WaitAsync(cancellation).ConfigureAwait(false);
        foreach (var through in order)
        {
            try
            {
                var grains = await clients.GrainsSoonAsync(through, cancellation).ConfigureAwait(false);
                try
                {
                    return await call(grains).WaitAsync(_options.OperationTimeout, time, cancellation).ConfigureAwait(false);
                }
                catch (Exception error) when (error is not CacheException && !cancellation.IsCancellationRequested)
                {
                    // A change of the ring that was sent may have been made; sending it again would make it twice.
                    last = error;
                    break;
                }
            }
            catch (RegionUnavailableException error)
            {
                last ??= error;
            }
        }

        var reason = last is TimeoutException ? $"no answer within {_options.OperationTimeout.TotalSeconds:N0} s" : last?.Message;
        throw new RegionUnavailableException($"The region \"{region}\" did not answer: {reason}", last);
    }
}
