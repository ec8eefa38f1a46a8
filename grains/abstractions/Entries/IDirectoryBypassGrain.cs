using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>
/// Looks books up without their grains, on the silo at which the call enters the cluster. For a caller to which no book grain has answered:
/// while a silo is dead and not yet declared so, its part of the grain directory is unreachable, and with it the grains of many books on
/// healthy silos. Its key is a region, which is only informative.
/// </summary>
[Alias("OrleansCache.IDetourGrain")]
internal interface IDirectoryBypassGrain : IGrainWithStringKey
{
    /// <summary>Looks the book up in its node, at its owner, and without an owner in the catalog; nothing is kept in memory.</summary>
    /// <exception cref="InvalidKeyException">The key is invalid.</exception>
    /// <exception cref="LookupFailedException">
    /// Nothing that has the book could be reached, or the answer would be flagged and the options do not accept that.
    /// </exception>
    [AlwaysInterleave, Alias("Lookup")]
    ValueTask<LookupAnswer> LookupAsync(string key, LookupOptions options, CancellationToken cancellation);

    /// <summary>Completes at once.</summary>
    [AlwaysInterleave, Alias("Ping")]
    Task PingAsync();
}
