using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Configuration;

namespace OrleansCache.Catalogs;

/// <summary>
/// Creates the catalog's tables before the silo joins the cluster, and compares the silo's settings with those of the cluster. It waits
/// for a database server that is not reachable yet; every other error fails the start.
/// </summary>
internal sealed partial class CatalogStart(ICatalog catalog, IOptions<CacheOptions> settings, ILogger<CatalogStart> logger)
    : IHostedLifecycleService
{
    // Hosted services start in the order in which they were added, and the silo itself was added before.
    public Task StartingAsync(CancellationToken cancellationToken) => StartRetry.RunAsync(
        PrepareAsync,
        // A file that cannot be opened now cannot be opened later, and opening it has waited for its locks already.
        error => error is CatalogUnavailableException && catalog is not SqliteCatalog,
        error => LogWaiting(error.Message),
        settings.Value.StartPatience,
        cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task PrepareAsync(CancellationToken cancellation)
    {
        await catalog.InitializeAsync(cancellation).ConfigureAwait(false);
        var mine = AgreedSettings.Of(settings.Value);
        var agreed = await catalog.AgreeOnSettingsAsync(mine, cancellation).ConfigureAwait(false);
        string[] differences = [.. AgreedSettings.Differences(mine, agreed)];
        if (differences.Length > 0)
            throw new OptionsValidationException(CacheOptions.Section, typeof(CacheOptions), differences);
    }

    [LoggerMessage(EventId = 1600, Level = LogLevel.Warning, Message = "Waiting for the catalog: {Reason}")]
    private partial void LogWaiting(string reason);
}
