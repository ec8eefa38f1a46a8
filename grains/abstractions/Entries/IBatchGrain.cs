using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>
/// Looks many books up in one call. It runs on the silo at which the call enters the cluster, which sends one message to each silo of its
/// region that has some of the books. Its key is a region, which is only informative.
/// </summary>
[Alias("OrleansCache.IBatchGrain")]
internal interface IBatchGrain : IGrainWithStringKey
{
    /// <summary>Looks books up, each like <see cref="IBookGrain.LookupAsync"/>.</summary>
    /// <returns>For each in order its answer; null when it failed, so that the caller looks it up by itself.</returns>
    /// <exception cref="InvalidKeyException">One of the keys is invalid.</exception>
    [AlwaysInterleave, Alias("Lookup")]
    Task<LookupAnswer?[]> LookupAsync(string[] books, LookupOptions options, CancellationToken cancellation);
}
