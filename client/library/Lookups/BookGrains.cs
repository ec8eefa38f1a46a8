namespace OrleansCache.Client;

/// <inheritdoc cref="IBookGrains"/>
internal sealed class BookGrains(RegionClients regions) : IBookGrains
{
    public int SilosOf(string region) => regions.SilosOf(region);

    public async ValueTask<LookupAnswer> LookupAsync(BookGrainKey grain, LookupOptions options, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(grain.Region, cancellation).ConfigureAwait(false);
        if (grain.Rank == AttemptPlan.Detour)
            return await grains.GetGrain<IDetourGrain>(grain.Region).LookupAsync(grain.Book, options, cancellation).ConfigureAwait(false);
        return await grains.GetGrain<IBookGrain>(grain.ToString()).LookupAsync(options, cancellation).ConfigureAwait(false);
    }
}
