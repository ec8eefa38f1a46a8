using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>
/// A book in a region: an in-memory shell in front of the region's Redis. Its key is a <see cref="BookGrainKey"/>.
/// </summary>
[Alias("OrleansCache.IBookGrain")]
public interface IBookGrain : IGrainWithStringKey
{
    /// <summary>Looks the book up in memory, then in its node, then at its owner.</summary>
    /// <exception cref="InvalidKeyException">The key cannot be one.</exception>
    /// <exception cref="LookupFailedException">Nothing that has the book could be reached.</exception>
    [AlwaysInterleave, Alias("Lookup")]
    ValueTask<LookupAnswer> LookupAsync(LookupOptions options, CancellationToken cancellation);
}
