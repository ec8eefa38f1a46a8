namespace OrleansCache.Client;

/// <summary>The book grains of all regions, each called through the client of its own region.</summary>
internal interface IBookGrains
{
    /// <summary>The number of silos that a region is known to have.</summary>
    int SilosOf(string region);

    /// <summary>Asks a book grain; waits for the connection while its region has never been connected.</summary>
    /// <returns>The answer; null when the silo has shed the lookup.</returns>
    /// <exception cref="RegionUnavailableException">The region is not connected.</exception>
    ValueTask<LookupAnswer?> LookupAsync(BookGrainKey grain, LookupOptions options, CancellationToken cancellation);

    /// <summary>Looks many keys up in one message; see <see cref="IBatchGrain.LookupAsync"/>.</summary>
    /// <exception cref="RegionUnavailableException">The region is not connected.</exception>
    Task<LookupAnswer?[]> LookupAsync(string region, string[] keys, LookupOptions options, CancellationToken cancellation);
}

/// <inheritdoc/>
internal sealed class BookGrains(RegionClients regions) : IBookGrains
{
    public int SilosOf(string region) => regions.SilosOf(region);

    public async ValueTask<LookupAnswer?> LookupAsync(BookGrainKey grain, LookupOptions options, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(grain.Region, cancellation).ConfigureAwait(false);
        var book = GrainOf<IBookGrain>(grains, grain.ToString(), grain.Region);
        if (!options.Trace)
            return await book.LookupAsync(options, cancellation).ConfigureAwait(false);
        var traced = await book.TraceAsync(options, cancellation).ConfigureAwait(false);
        return traced.Answer is { } answer ? answer with { Trace = traced.Trace } : null;
    }

    public async Task<LookupAnswer?[]> LookupAsync(string region, string[] keys, LookupOptions options, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(region, cancellation).ConfigureAwait(false);
        return await GrainOf<IBatchGrain>(grains, region, region).LookupAsync(keys, options, cancellation).ConfigureAwait(false);
    }

    private static T GrainOf<T>(IGrainFactory grains, string key, string region)
        where T : IGrainWithStringKey
    {
        try
        {
            return grains.GetGrain<T>(key);
        }
        catch (ArgumentException error)
        {
            // Orleans: the client knows of no silo that has this kind of grain, so nothing was sent.
            throw new RegionUnavailableException(
                $"The region \"{region}\" cannot be reached: no silo that answers for it is known.", error);
        }
    }
}
