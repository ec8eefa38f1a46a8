using System.Collections.Immutable;

namespace OrleansCache.Client;

/// <summary>The places that a lookup asks, in order.</summary>
/// <param name="Key">The key that is looked up.</param>
/// <param name="Places">The book grains.</param>
/// <param name="Regions">Their regions, each once.</param>
internal sealed record AttemptPlan(string Key, ImmutableArray<BookGrainKey> Places, ImmutableArray<string> Regions)
{
    /// <summary>The rank of a request that uses no book grain, and so no grain directory.</summary>
    public const int DirectoryBypass = 0;

    /// <summary>The number of ranks: the bypass and two silos.</summary>
    public const int Ranks = 3;

    /// <summary>
    /// In each region in turn the silo where the book grain normally lives and then, where the region has several silos, another one: half
    /// of a near region is still better than a far one.
    /// </summary>
    public static AttemptPlan For(string key, ImmutableArray<string> regions, Func<string, int> silosOf)
    {
        var places = ImmutableArray.CreateBuilder<BookGrainKey>(2 * regions.Length);
        foreach (var region in regions)
        {
            places.Add(new(region, 1, key));
            if (silosOf(region) > 1)
                places.Add(new(region, 2, key));
        }

        return new(key, places.DrainToImmutable(), regions);
    }
}
