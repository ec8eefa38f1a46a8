using OrleansCache.Cli.Session;
using OrleansCache.Silo.Local;

namespace OrleansCache.Client.Tests.Commands;

/// <summary>A cluster that cannot be started.</summary>
internal sealed class NoSession(Exception? error = null) : ISessionSource
{
    public LocalClusterOptions Options => new() { CatalogPath = "nowhere" };

    public LocalSession? Current => null;

    public Task<LocalSession> GetAsync(Action<string> notice, CancellationToken cancellation) =>
        Task.FromException<LocalSession>(error ?? new OperationCanceledException(cancellation));
}
