using System.Collections.Immutable;

namespace OrleansCache.Client;

/// <summary>The places that a lookup asks, in the order of a healthy cluster.</summary>
/// <param name="Key">The key that is looked up.</param>
/// <param name="Places">The book grains.</param>
internal sealed record AttemptPlan(string Key, ImmutableArray<BookGrainKey> Places)
{
    /// <summary>The rank of a request that is for no single book grain: a message with many keys.</summary>
    public const int AnySilo = 0;

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

        return new(key, places.DrainToImmutable());
    }
}
