using Microsoft.Extensions.Hosting;
using OrleansCache.Catalog;

namespace OrleansCache.Hosting;

/// <summary>Makes the catalog's tables before the first lookup comes, and fails the start when that cannot be done.</summary>
internal sealed class CatalogStart(IBookCatalog catalog) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => catalog.InitializeAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
