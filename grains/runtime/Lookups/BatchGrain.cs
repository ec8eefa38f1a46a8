using Orleans.Concurrency;
using Orleans.GrainDirectory;
using OrleansCache.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Lookups;

/// <inheritdoc cref="IBatchGrain"/>
[StatelessWorker(1), GrainDirectory(ComputedPlaces.Name)]
internal sealed class BatchGrain(RegionalSilos silos, RegionRoutes routes) : Grain, IBatchGrain
{
    /// <inheritdoc/>
    public async Task<LookupAnswer?[]> LookupAsync(string[] books, LookupOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(books);
        MessageLimits.Check(books.Length, MessageLimits.Keys, "keys");
        foreach (var book in books)
            CacheKey.Validate(book);
        var answers = new LookupAnswer?[books.Length];
        RegionalSilo[] region = [.. silos.Of(routes.Region)];
        if (region.Length == 0)
            return answers;
        await Task.WhenAll(Enumerable.Range(0, books.Length)
            .GroupBy(i => RendezvousOrder.Pick(region, books[i], rank: 1).Address)
            .Select(silo => AskAsync(silo.Key, [.. silo])));
        return answers;

        async Task AskAsync(SiloAddress silo, int[] places)
        {
            if (await TryAskAsync(silo, [.. places.Select(i => books[i])], options, cancellation) is not { } some)
                return;
            for (var i = 0; i < places.Length; i++)
                answers[places[i]] = some[i];
        }
    }

    private async Task<LookupAnswer?[]?> TryAskAsync(
        SiloAddress silo, string[] books, LookupOptions options, CancellationToken cancellation)
    {
        try
        {
            return await GrainFactory.GetGrain<INearSource>(silo.ToParsableString()).LookupManyAsync(books, options, cancellation);
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // The caller then looks each key up separately, and gets the error there.
            return null;
        }
    }
}
