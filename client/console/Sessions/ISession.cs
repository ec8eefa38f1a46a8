using OrleansCache.Client;

namespace OrleansCache.Cli.Sessions;

/// <summary>A client of a cluster, and what else the commands need to know of that cluster.</summary>
internal interface ISession : IAsyncDisposable
{
    IBookCache Cache { get; }

    ICacheOperations Operations { get; }

    RegionMap Regions { get; }

    /// <summary>Keys of books that begin with a prefix, at most <paramref name="limit"/>; none where they cannot be listed.</summary>
    Task<IReadOnlyList<string>> KeysAsync(string prefix, int limit, CancellationToken cancellation);

    /// <summary>The connection string that is meant by what was typed for a node of a region.</summary>
    /// <exception cref="InvalidTopologyException">The word means nothing on this cluster.</exception>
    string ConnectionOf(string region, string typed);
}
