using Orleans.Concurrency;
using OrleansCache.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Lookups;

/// <inheritdoc cref="IBatchGrain"/>
[StatelessWorker(1)]
internal sealed class BatchGrain(RegionalSilos silos, RegionRoutes routes) : Grain, IBatchGrain
{
    /// <inheritdoc/>
    public async Task<LookupAnswer?[]> LookupAsync(string[] books, LookupOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(books);
        foreach (var book in books)
            CacheKey.Validate(book);
        var answers = new LookupAnswer?[books.Length];
        RegionalSilo[] region = [.. silos.Of(routes.Region)];
        if (region.Length == 0)
            return answers;
        // A grain that is active elsewhere, because silos have come since, costs one message more.
        await Task.WhenAll(Enumerable.Range(0, books.Length).GroupBy(i => RendezvousOrder.Pick(region, books[i], rank: 1).Address).Select(async silo =>
        {
            int[] places = [.. silo];
            if (await TryAskAsync(silo.Key, [.. places.Select(i => books[i])], options, cancellation) is not { } some)
                return;
            for (var i = 0; i < places.Length; i++)
                answers[places[i]] = some[i];
        }));
        return answers;
    }

    private async Task<LookupAnswer?[]?> TryAskAsync(SiloAddress silo, string[] books, LookupOptions options, CancellationToken cancellation)
    {
        try
        {
            return await GrainFactory.GetGrain<INearSource>(silo.ToParsableString()).LookupManyAsync(books, options, cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // The caller asks for each by itself, and learns why then.
            return null;
        }
    }
}
