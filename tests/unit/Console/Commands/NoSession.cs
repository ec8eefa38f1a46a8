using OrleansCache.Cli.Sessions;
using OrleansCache.LocalClusters;

namespace OrleansCache.Tests.Console.Commands;

/// <summary>A session that cannot be started.</summary>
internal sealed class NoSession(Exception? error = null) : ISessionSource
{
    public LocalClusterOptions? OwnCluster => new() { CatalogPath = "nowhere" };

    public ISession? Current => null;

    public Task<ISession> GetAsync(Action<string> notice, CancellationToken cancellation) =>
        Task.FromException<ISession>(error ?? new OperationCanceledException(cancellation));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
