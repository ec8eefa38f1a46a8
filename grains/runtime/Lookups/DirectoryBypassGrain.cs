using Microsoft.Extensions.Hosting;
using Orleans.Concurrency;
using OrleansCache.Entries;
using OrleansCache.Topology;

namespace OrleansCache.Lookups;

/// <inheritdoc cref="IDirectoryBypassGrain"/>
[StatelessWorker(1), GrainType("detour")]
internal sealed class DirectoryBypassGrain(EntryLoader loader, LookupAnswers answers) : Grain, IDirectoryBypassGrain
{
    /// <inheritdoc/>
    public async ValueTask<LookupAnswer> LookupAsync(string key, LookupOptions options, CancellationToken cancellation)
    {
        // Nothing is kept here, so no other caller is answered with this row, and none of the checks of a shared load apply.
        var loaded = await loader.LoadAsync(CacheKey.Parse(key), held: null, options.Fresh, takesLease: false).WaitAsync(cancellation);
        return answers.Of(loaded, kept: null, options with { Client = default });
    }

    /// <inheritdoc/>
    public Task PingAsync() => Task.CompletedTask;
}

/// <summary>
/// Calls this silo's own bypass grain periodically. Orleans asks the cluster's directory even for a grain that is in no directory, unless
/// the silo has called that grain within the last four minutes; and the bypass is needed exactly while a part of the directory is
/// unreachable.
/// </summary>
internal sealed class DirectoryBypass(RegionRoutes routes, IGrainFactory grains, Clock clock) : BackgroundService
{
    // Far below Orleans' four minutes, so that several calls in a row may fail.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Clients use the same key.
        var bypass = grains.GetGrain<IDirectoryBypassGrain>(routes.Region);
        while (!stoppingToken.IsCancellationRequested)
        {
            // A failed call is repeated in the next period; no caller waits for it.
            await CallAsync(bypass, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Period, clock.TimeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Async, because the call itself throws when the silo has just stopped, and an exception from ExecuteAsync would end the program.
    private async Task CallAsync(IDirectoryBypassGrain bypass, CancellationToken stopping) =>
        await bypass.PingAsync().WaitAsync(Period, clock.TimeProvider, stopping);
}
