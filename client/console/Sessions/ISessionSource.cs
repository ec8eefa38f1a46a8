using OrleansCache.LocalClusters;

namespace OrleansCache.Cli.Sessions;

/// <summary>The session that commands work on; started when the first of them needs it.</summary>
internal interface ISessionSource : IAsyncDisposable
{
    /// <summary>How a cluster of one's own is to be; null when commands work on a cluster that runs already.</summary>
    LocalClusterOptions? OwnCluster { get; }

    /// <summary>The session if it has been started.</summary>
    ISession? Current { get; }

    /// <summary>The session; starts it when there is none. What happens is told to <paramref name="notice"/>.</summary>
    Task<ISession> GetAsync(Action<string> notice, CancellationToken cancellation);
}
