using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>
/// Looks many books up at once: on the silo at which the call enters the cluster, which asks each silo of its region once for those that
/// live there. Its key is a region, for the reader of the log.
/// </summary>
[Alias("OrleansCache.IBatchGrain")]
public interface IBatchGrain : IGrainWithStringKey
{
    /// <summary>Looks books up, each as <see cref="IBookGrain.LookupAsync"/> does.</summary>
    /// <returns>For each in order its answer; null for one that could not be answered, to be asked for by itself.</returns>
    /// <exception cref="InvalidKeyException">One of the keys cannot be one.</exception>
    [AlwaysInterleave, Alias("Lookup")]
    Task<LookupAnswer?[]> LookupAsync(string[] books, LookupOptions options, CancellationToken cancellation);
}
