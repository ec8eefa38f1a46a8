using OrleansCache.Entries;

namespace OrleansCache.Lookups;

/// <summary>What a load brought.</summary>
/// <param name="Copy">The book, or its absence.</param>
/// <param name="Tier">Where it was found.</param>
/// <param name="Tenure">How long it may be used and kept.</param>
/// <param name="Flags">What had to be given up.</param>
/// <param name="Noted">What the table's count of revocations of the book was before it was asked for.</param>
internal sealed record Loaded(BookCopy Copy, Tier Tier, Tenure Tenure, LookupFlags Flags, long Noted)
{
    /// <summary>Looks whether the caller takes the answer as it is.</summary>
    /// <exception cref="LookupFailedException">It is flagged, and the caller refuses that.</exception>
    public void Check(LookupOptions options)
    {
        if (options.RefuseFlagged && Flags != LookupFlags.None)
            throw new LookupFailedException($"\"{Copy.Key}\" can only be answered flagged as {Flags}, which the caller refuses.");
    }
}
