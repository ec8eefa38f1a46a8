using Microsoft.Extensions.Hosting;
using OrleansCache.Catalog;

namespace OrleansCache.Hosting;

/// <summary>Makes the catalog's tables before the silo joins the cluster, and fails the start when that cannot be done.</summary>
internal sealed class CatalogStart(IBookCatalog catalog) : IHostedLifecycleService
{
    // Hosted services start in the order in which they were added, and the silo itself was added before.
    public Task StartingAsync(CancellationToken cancellationToken) => catalog.InitializeAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
