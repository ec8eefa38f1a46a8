namespace OrleansCache.Client;

/// <inheritdoc cref="IBookGrains"/>
internal sealed class BookGrains(RegionClients regions) : IBookGrains
{
    public int SilosOf(string region) => regions.SilosOf(region);

    public async ValueTask<LookupAnswer> LookupAsync(BookGrainKey grain, LookupOptions options, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(grain.Region, cancellation).ConfigureAwait(false);
        if (grain.Rank == AttemptPlan.DirectoryBypass)
            return await GrainOf<IDirectoryBypassGrain>(grains, grain.Region, grain.Region).LookupAsync(grain.Book, options, cancellation).ConfigureAwait(false);
        return await GrainOf<IBookGrain>(grains, grain.ToString(), grain.Region).LookupAsync(options, cancellation).ConfigureAwait(false);
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
            // Microsoft Orleans: the client knows of no silo that has the grain, so nothing was sent.
            throw new RegionUnavailableException($"The region \"{region}\" cannot be reached: no silo that answers for it is known.", error);
        }
    }
}
