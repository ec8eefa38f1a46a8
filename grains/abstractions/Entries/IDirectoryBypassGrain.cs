using Orleans.Concurrency;

namespace OrleansCache;

/// <summary>
/// Looks books up without their grains: on whichever silo the call enters the cluster, with no activation that would have to be
/// found or registered. For a caller to whom no book grain has answered: while a silo is dead and not yet known to be, its part
/// of the cluster's directory is out of reach, and with it the grains of many books on silos that are well. Its key is a region, for
/// the reader of the log; it makes no difference.
/// </summary>
[Alias("OrleansCache.IDetourGrain")]
public interface IDirectoryBypassGrain : IGrainWithStringKey
{
    /// <summary>Looks the book up in the node of the silo's region, then at its owner, then in the catalog; nothing is kept in memory.</summary>
    /// <exception cref="InvalidKeyException">The key cannot be one.</exception>
    /// <exception cref="LookupFailedException">Nothing that has the book could be reached.</exception>
    [AlwaysInterleave, Alias("Lookup")]
    ValueTask<LookupAnswer> LookupAsync(string key, LookupOptions options, CancellationToken cancellation);

    /// <summary>Answers as soon as the call arrives.</summary>
    [AlwaysInterleave, Alias("Ping")]
    Task PingAsync();
}
