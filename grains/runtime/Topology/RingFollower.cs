using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.Redis;

namespace OrleansCache.Topology;

/// <summary>
/// Keeps a silo's copy of the ring up to date: begins with the nodes that are kept or configured, asks the router now and then in case
/// a message of its was lost, and reports the nodes on which this silo's circuits have opened.
/// </summary>
internal sealed partial class RingFollower(
    RegionRoutes routes,
    ITopologyStore store,
    IGrainFactory grains,
    ILocalSiloDetails silo,
    IOptions<CacheOptions> settings,
    Clock clock,
    ILogger<RingFollower> logger) : BackgroundService, IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // A signal, not a queue: which nodes are down is read from the nodes themselves.
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // Before the silo joins the cluster: the first lookup may come as soon as it has.
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // A node may still be on its way here when the silo has been disposed of, so nothing that this uses may be.
        routes.NodeChanged = _ => _changed.Writer.TryWrite(true);
        routes.Take(new(routes.Region, 0, await KnownNodesAsync(cancellationToken), []));
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var router = grains.GetGrain<IRingSource>(routes.Region);
        var reported = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                routes.Take(await router.GetTopologyAsync(routes.Version).WaitAsync(Patience, clock.TimeProvider, stoppingToken));
                var down = routes.Unavailable();
                if (reported || down.Length > 0)
                    await router.ReportAsync(silo.Name, down).WaitAsync(Patience, clock.TimeProvider, stoppingToken);
                reported = down.Length > 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // The silo stops, perhaps before it has quite started.
                return;
            }
            catch (Exception error)
            {
                LogRouterUnreachable(routes.Region, error.Message);
            }

            await WaitAsync(stoppingToken);
        }
    }

    public override void Dispose()
    {
        routes.NodeChanged = null;
        base.Dispose();
    }

    /// <summary>The nodes as the catalog keeps them after an operator has changed them, else as they are configured.</summary>
    private async Task<ImmutableArray<NodeDefinition>> KnownNodesAsync(CancellationToken cancellation)
    {
        try
        {
            if (await store.ReadTopologyAsync(routes.Region, cancellation).WaitAsync(Patience, clock.TimeProvider, cancellation) is { } kept)
                return kept.Nodes;
        }
        catch (Exception error) when (error is CatalogUnavailableException or TimeoutException)
        {
            // The router reads it too, and tells; a silo does not wait for it with its start.
            LogTopologyUnreadable(routes.Region, error.Message);
        }

        return [.. settings.Value.Regions.First(region => region.Name == routes.Region).Nodes.Select(node => node.ToDefinition())];
    }

    private async Task WaitAsync(CancellationToken stopping)
    {
        using var due = new CancellationTokenSource(settings.Value.RingRefresh, clock.TimeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(due.Token, stopping);
        try
        {
            await _changed.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            // Time to ask again, or to stop: the loop looks which.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The kept topology of {Region} cannot be read; the silo begins with the configured one: {Reason}")]
    private partial void LogTopologyUnreadable(string region, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The router of {Region} cannot be reached; the ring stays as it is: {Reason}")]
    private partial void LogRouterUnreachable(string region, string reason);
}
