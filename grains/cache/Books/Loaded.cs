namespace OrleansCache.Books;

/// <summary>What a load brought.</summary>
/// <param name="Copy">The book, or what says that there is none.</param>
/// <param name="Tier">Where it was found.</param>
/// <param name="TimeToLive">How long it may be used.</param>
/// <param name="Age">How old it was when it came.</param>
/// <param name="Flags">What had to be given up.</param>
/// <param name="LoadedAt">What the table's count of revocations was before the load.</param>
internal sealed record Loaded(BookCopy Copy, Tier Tier, TimeSpan TimeToLive, TimeSpan Age, LookupFlags Flags, long LoadedAt)
{
    /// <summary>Looks whether the caller takes the answer as it is.</summary>
    /// <exception cref="LookupFailedException">It is flagged, and the caller refuses that.</exception>
    public void Check(string book, LookupOptions options)
    {
        if (options.RefuseFlagged && Flags != LookupFlags.None)
            throw new LookupFailedException($"\"{book}\" can only be answered flagged as {Flags}, which the caller refuses.");
    }
}
