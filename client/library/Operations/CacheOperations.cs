using System.Globalization;
using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <inheritdoc cref="ICacheOperations"/>
internal sealed class CacheOperations(RegionClients clients, RegionMap regions, IOptions<BookCacheOptions> settings, TimeProvider time) : ICacheOperations
{
    public Task<RegionRing> GetRingAsync(string region, CancellationToken cancellation = default) =>
        AskRouterAsync(region, router => router.GetRingAsync(), cancellation);

    public Task<RegionRing> AddNodeAsync(string region, string name, string connection, int weight = HashRing.UsualWeight, CancellationToken cancellation = default) =>
        AskRouterAsync(region, router => router.AddNodeAsync(name, connection, weight), cancellation);

    public Task<RegionRing> RemoveNodeAsync(string region, string name, CancellationToken cancellation = default) =>
        AskRouterAsync(region, router => router.RemoveNodeAsync(name), cancellation);

    public Task<RegionRing> WeighNodeAsync(string region, string name, int weight, CancellationToken cancellation = default) =>
        AskRouterAsync(region, router => router.WeighNodeAsync(name, weight), cancellation);

    public async Task<IReadOnlyList<SiloStatistics>> GetStatisticsAsync(string region, CancellationToken cancellation = default) =>
        await AskRouterAsync(region, router => router.GetStatisticsAsync(), cancellation).ConfigureAwait(false);

    public async Task<StoreTotals> StoreAsync(IAsyncEnumerable<BookWrite> books, IProgress<StoreTotals>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(books);
        await using var writer = new SlotWriter(settings.Value.Slots, StoreAsync, progress, cancellation);
        await foreach (var book in books.WithCancellation(cancellation).ConfigureAwait(false))
        {
            BookKey.Validate(book.Key);
            await writer.AddAsync(book).ConfigureAwait(false);
        }

        return await writer.FinishAsync().ConfigureAwait(false);
    }

    /// <summary>Storing may be repeated, so when one region's client gets no answer the next one's is tried.</summary>
    private Task<StoreOutcome[]> StoreAsync(int slot, BookWrite[] books, CancellationToken cancellation) =>
        CallAsync(
            regions.Home,
            repeatable: true,
            grains => grains.GetGrain<IOwnerGrain>(slot.ToString(CultureInfo.InvariantCulture)).StoreAsync(books, cancellation),
            cancellation);

    private Task<T> AskRouterAsync<T>(string region, Func<IRegionRouterGrain, Task<T>> ask, CancellationToken cancellation) =>
        CallAsync(region, repeatable: false, grains => ask(grains.GetGrain<IRegionRouterGrain>(region)), cancellation);

    /// <summary>Calls a grain through the client of the region that it lives in, or through the first other one that is connected.</summary>
    private async Task<T> CallAsync<T>(string region, bool repeatable, Func<IGrainFactory, Task<T>> call, CancellationToken cancellation)
    {
        Exception? last = null;
        foreach (var through in regions.OrderFrom(region))
        {
            try
            {
                var grains = await clients.GrainsOfAsync(through, cancellation).ConfigureAwait(false);
                try
                {
                    return await call(grains).WaitAsync(settings.Value.OperationTimeout, time, cancellation).ConfigureAwait(false);
                }
                catch (Exception error) when (error is not BookCacheException && !cancellation.IsCancellationRequested)
                {
                    last = error;
                    if (!repeatable)
                        break;
                }
            }
            catch (RegionUnavailableException error)
            {
                last ??= error;
            }
        }

        var reason = last is TimeoutException ? $"no answer within {settings.Value.OperationTimeout.TotalSeconds:N0} s" : last?.Message;
        throw new RegionUnavailableException($"The region \"{region}\" did not answer: {reason}", last);
    }
}
