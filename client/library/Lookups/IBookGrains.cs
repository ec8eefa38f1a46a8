namespace OrleansCache.Client;

/// <summary>The book grains of all regions, each asked through its own region's client.</summary>
internal interface IBookGrains
{
    /// <summary>How many silos a region is known to have.</summary>
    int SilosOf(string region);

    /// <summary>Asks one book grain, or the bypass of a region (<see cref="AttemptPlan.DirectoryBypass"/>).</summary>
    /// <exception cref="RegionUnavailableException">The region is not connected.</exception>
    ValueTask<LookupAnswer> LookupAsync(BookGrainKey grain, LookupOptions options, CancellationToken cancellation);
}
