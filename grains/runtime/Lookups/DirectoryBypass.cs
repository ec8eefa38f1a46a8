using Microsoft.Extensions.Hosting;
using OrleansCache.Entries;
using OrleansCache.Topology;

namespace OrleansCache.Lookups;

/// <summary>
/// Keeps the way to the bypasses of this silo known to it. Microsoft Orleans asks the cluster's directory even for a grain that no directory
/// has, unless the silo has called that very one within the last four minutes; and bypasses are there for when a part of the directory is
/// dead. Seldom used as they are, they would be silent with it.
/// </summary>
internal sealed class DirectoryBypass(RegionRoutes routes, IGrainFactory grains, Clock clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // As clients call it.
        var bypass = grains.GetGrain<IDirectoryBypassGrain>(routes.Region);
        while (!stoppingToken.IsCancellationRequested)
        {
            // What has failed is tried again like the rest: nobody waits for it.
            await CallAsync(bypass, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Period, clock.TimeProvider, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // A call may throw before there is a task, as when the silo has just ended; that would end the whole program.
    private async Task CallAsync(IDirectoryBypassGrain bypass, CancellationToken stopping) =>
        await bypass.PingAsync().WaitAsync(Period, clock.TimeProvider, stopping);
}
