using System.Collections.Immutable;

namespace OrleansCache.Client;

/// <summary>Whom a lookup asks, in order.</summary>
internal static class AttemptPlan
{
    /// <summary>The rank that stands for no grain of the book's own, but for a way around them (<see cref="IDirectoryBypassGrain"/>).</summary>
    public const int DirectoryBypass = 0;

    /// <summary>How many ranks there are, with that of the bypasses.</summary>
    public const int Ranks = 3;

    /// <summary>
    /// Each region in turn: the silo that the book normally lives on, then, where the region has several, another one. A
    /// region that is near and half gone is still better than one that is far.
    /// </summary>
    public static ImmutableArray<BookGrainKey> For(string key, IReadOnlyList<string> regions, Func<string, int> silosOf)
    {
        var plan = ImmutableArray.CreateBuilder<BookGrainKey>(2 * regions.Count);
        foreach (var region in regions)
        {
            plan.Add(new(region, 1, key));
            if (silosOf(region) > 1)
                plan.Add(new(region, 2, key));
        }

        return plan.DrainToImmutable();
    }
}
