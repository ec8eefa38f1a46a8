using OrleansCache.Silo.Local;

namespace OrleansCache.Cli.Session;

/// <summary>The session that commands work on; started when the first of them needs it.</summary>
internal interface ISessionSource
{
    /// <summary>What kind of cluster was asked for.</summary>
    LocalClusterOptions Options { get; }

    /// <summary>The session if it has been started.</summary>
    LocalSession? Current { get; }

    /// <summary>The session; starts it when there is none. What happens is told to <paramref name="notice"/>.</summary>
    Task<LocalSession> GetAsync(Action<string> notice, CancellationToken cancellation);
}
