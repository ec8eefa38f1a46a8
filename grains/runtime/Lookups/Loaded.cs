using OrleansCache.Entries;

namespace OrleansCache.Lookups;

/// <summary>What a load brought.</summary>
/// <param name="Row">The book, or its absence.</param>
/// <param name="Tier">Where it was found.</param>
/// <param name="Lifetime">How long it may be used and kept.</param>
/// <param name="Flags">What had to be given up.</param>
/// <param name="ObservedEpoch">What the table's count of revocations of the book was before it was asked for.</param>
internal sealed record Loaded(CachedRow Row, Tier Tier, EntryLifetime Lifetime, LookupFlags Flags, long ObservedEpoch)
{
    /// <summary>Looks whether the caller takes the answer as it is.</summary>
    /// <exception cref="LookupFailedException">It is flagged, and the caller refuses that.</exception>
    public void Check(LookupOptions options)
    {
        if (options.RequireCoherent && Flags != LookupFlags.None)
            throw new LookupFailedException($"\"{Row.Key}\" can only be answered flagged as {Flags}, which the caller refuses.");
    }
}
