using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>
/// A book in a region: an entry in a silo's memory, in front of the region's Redis. Its key is a <see cref="BookGrainKey"/>.
/// </summary>
[Alias("OrleansCache.IBookGrain")]
internal interface IBookGrain : IGrainWithStringKey
{
    /// <summary>Looks the book up in memory, then in its node and at its owner.</summary>
    /// <exception cref="InvalidKeyException">The key is invalid.</exception>
    /// <exception cref="LookupFailedException">
    /// Nothing that has the book could be reached, or the answer would be flagged and the options do not accept that.
    /// </exception>
    /// <returns>The answer; null when the silo has more to do than it can, and has done nothing: the cheapest refusal there is.</returns>
    [AlwaysInterleave, Alias("Lookup")]
    ValueTask<LookupAnswer?> LookupAsync(LookupOptions options, CancellationToken cancellation);

    /// <summary>Looks the book up as <see cref="LookupAsync"/> does, and tells what was done for it.</summary>
    [AlwaysInterleave, Alias("Trace")]
    Task<TracedAnswer> TraceAsync(LookupOptions options, CancellationToken cancellation);
}
