namespace OrleansCache.Client;

/// <inheritdoc cref="IBatchGrains"/>
internal sealed class BatchGrains(RegionClients regions) : IBatchGrains
{
    public async Task<LookupAnswer?[]> LookupAsync(string region, string[] books, LookupOptions options, CancellationToken cancellation)
    {
        var grains = await regions.GrainsOfAsync(region, cancellation).ConfigureAwait(false);
        return await grains.GetGrain<IBatchGrain>(region).LookupAsync(books, options, cancellation).ConfigureAwait(false);
    }
}
