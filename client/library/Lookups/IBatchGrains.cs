namespace OrleansCache.Client;

/// <summary>The batch grains of all regions, each asked through its own region's client.</summary>
internal interface IBatchGrains
{
    /// <summary>Looks many books up in one message; see <see cref="IBatchGrain.LookupAsync"/>.</summary>
    /// <exception cref="RegionUnavailableException">The region is not connected.</exception>
    Task<LookupAnswer?[]> LookupAsync(string region, string[] books, LookupOptions options, CancellationToken cancellation);
}
