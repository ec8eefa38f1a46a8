using OrleansCache.Client;
using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Sessions;

/// <summary>A client of a cluster, for the commands.</summary>
internal interface ISession : IAsyncDisposable
{
    IBookCache Cache { get; }

    ICacheOperations Operations { get; }

    RegionMap Regions { get; }

    /// <summary>Keys that begin with a prefix, at most <paramref name="limit"/>; none if they cannot be listed.</summary>
    Task<IReadOnlyList<string>> KeysAsync(string prefix, int limit, CancellationToken cancellation);

    /// <summary>The connection string of a node, from what was typed for it.</summary>
    /// <exception cref="InvalidTopologyException">This kind of cluster does not know the name that was typed.</exception>
    string ConnectionOf(string region, string typed);
}

/// <summary>Starts the session when the first command needs it.</summary>
internal interface ISessionSource : IAsyncDisposable
{
    /// <summary>The options of a cluster in this process; null if the session is a client of a running cluster.</summary>
    LocalClusterOptions? OwnCluster { get; }

    /// <summary>The session; null if it has not been started.</summary>
    ISession? Current { get; }

    /// <summary>The session, which the first call starts. <paramref name="notice"/> receives messages about the start.</summary>
    Task<ISession> GetAsync(Action<string> notice, CancellationToken cancellation);
}

/// <summary>The session could not be started. The message is one line: what was tried, and what to do.</summary>
internal sealed class SessionException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode { get; } = exitCode;
}
