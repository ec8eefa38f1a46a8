namespace OrleansCache.Client;

/// <summary>The book grains of all regions, each called through the client of its own region.</summary>
internal interface IBookGrains
{
    /// <summary>The number of silos that a region is known to have.</summary>
    int SilosOf(string region);

    /// <summary>Asks a book grain, or any silo of a region (<see cref="AttemptPlan.DirectoryBypass"/>).</summary>
    /// <exception cref="RegionUnavailableException">The region is not connected.</exception>
    ValueTask<LookupAnswer> LookupAsync(BookGrainKey grain, LookupOptions options, CancellationToken cancellation);

    /// <summary>Looks many keys up in one message; see <see cref="IBatchGrain.LookupAsync"/>.</summary>
    /// <exception cref="RegionUnavailableException">The region is not connected.</exception>
    Task<LookupAnswer?[]> LookupAsync(string region, string[] keys, LookupOptions options, CancellationToken cancellation);
}

/// <inheritdoc/>
internal sealed class BookGrains(RegionClients regions) : IBookGrains
{
    public int SilosOf(string region) => regions.SilosOf(region);

    public async ValueTask<LookupAnswer> LookupAsync(BookGrainKey grain, LookupOptions options, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(grain.Region, cancellation).ConfigureAwait(false);
        return await (grain.Rank == AttemptPlan.DirectoryBypass
            ? AskAsync(GrainOf<IBookGrain>(grains, (grain with { Rank = 1 }).ToString(), grain.Region), options, cancellation)
            : AskAsync(GrainOf<IBookGrain>(grains, grain.ToString(), grain.Region), options, cancellation)).ConfigureAwait(false);
    }

    public async Task<LookupAnswer?[]> LookupAsync(string region, string[] keys, LookupOptions options, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(region, cancellation).ConfigureAwait(false);
        return await grains.GetGrain<IBatchGrain>(region).LookupAsync(keys, options, cancellation).ConfigureAwait(false);
    }

    private static async ValueTask<LookupAnswer> AskAsync(IBookGrain grain, LookupOptions options, CancellationToken cancellation) =>
        await grain.LookupAsync(options, cancellation).ConfigureAwait(false)
        ?? throw new LookupRefusedException("The silo has more to do than it can, and has refused the lookup; look it up again later.");

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
