using OrleansCache.Cli.Output.Reports;
using OrleansCache.Client;

namespace OrleansCache.Cli.Commands;

/// <summary>Looks where a region holds a book, once or again and again.</summary>
internal sealed class RegionWatch(ICacheOperations operations, string region, string key)
{
    private volatile WatchReport.WatchedRegion _seen = new(region, [], null);

    /// <summary>What was seen last.</summary>
    public WatchReport.WatchedRegion Seen => _seen;

    public async Task LookAsync(CancellationToken cancellation)
    {
        try
        {
            _seen = WatchReport.WatchedRegion.Of(await operations.PeekAsync(region, key, cancellation).ConfigureAwait(false));
        }
        catch (RegionUnavailableException error)
        {
            _seen = new(region, [], error.Message);
        }
    }

    /// <summary>Looks until it is cancelled.</summary>
    public async Task FollowAsync(TimeSpan period, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await LookAsync(cancellation).ConfigureAwait(false);
                await Task.Delay(period, TimeProvider.System, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Whoever looks on has seen enough.
            return;
        }
    }
}
