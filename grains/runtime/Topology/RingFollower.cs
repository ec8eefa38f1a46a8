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
/// Keeps a silo's copy of the ring up to date. It starts with the stored nodes, or the configured ones; routers push changes
/// (<see cref="Administration.ISiloGrain.TakeRingAsync"/>), and the follower polls its router in case a push was lost. It also reports
/// the nodes that are not up for this silo to the router.
/// </summary>
internal sealed partial class RingFollower(
    RegionRoutes routes,
    SettingsTopology store,
    IGrainFactory grains,
    ILocalSiloDetails silo,
    IOptions<CacheOptions> settings,
    Clock clock,
    ILogger<RingFollower> logger) : BackgroundService, IHostedLifecycleService
{
    // A signal, not a queue: how the nodes are is read from the nodes themselves.
    private readonly Channel<bool> _changed =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    // Before the silo joins the cluster, because the first lookup may arrive as soon as it has.
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        // A node may still call this after the follower has been disposed; it only touches the channel, which needs no disposal.
        routes.NodeChanged = _ => _changed.Writer.TryWrite(true);
        routes.Take(new(routes.Region, 0, await InitialNodesAsync(cancellationToken), []));
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
                var ring = await router.GetTopologyAsync(routes.Version)
                    .WaitAsync(TopologyTimeouts.Router, clock.TimeProvider, stoppingToken);
                routes.Take(ring);
                var troubles = routes.Troubles();
                // One empty report follows the last that named a node.
                if (reported || troubles.Length > 0)
                    await router.ReportAsync(silo.Name, troubles).WaitAsync(TopologyTimeouts.Router, clock.TimeProvider, stoppingToken);
                reported = troubles.Length > 0;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
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

    /// <summary>The nodes in the catalog if an operator has changed them, else the configured ones.</summary>
    private async Task<ImmutableArray<NodeDefinition>> InitialNodesAsync(CancellationToken cancellation)
    {
        try
        {
            var stored = await store.ReadAsync(routes.Region, cancellation)
                .WaitAsync(TopologyTimeouts.StoredTopologyAtStart, clock.TimeProvider, cancellation);
            if (stored is not null)
                return stored.Nodes;
        }
        catch (Exception error) when (error is CatalogUnavailableException or TimeoutException)
        {
            // The router reads the stored topology too and publishes it, so the silo need not wait for the catalog.
            LogTopologyUnreadable(routes.Region, error.Message);
        }

        return [.. settings.Value.Regions.First(region => region.Name == routes.Region).Nodes.Select(node => node.ToDefinition())];
    }

    /// <summary>Waits until a node's health changes, until the ring is due for a refresh, or until the silo stops.</summary>
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
            // The caller's loop checks which of the two it was.
        }
    }

    [LoggerMessage(EventId = 1410, Level = LogLevel.Warning, Message =
        "The stored topology of {Region} cannot be read; the silo starts with the configured one: {Reason}")]
    private partial void LogTopologyUnreadable(string region, string reason);

    [LoggerMessage(EventId = 1411, Level = LogLevel.Warning, Message =
        "The router of {Region} cannot be reached; the silo keeps the ring that it has: {Reason}")]
    private partial void LogRouterUnreachable(string region, string reason);
}
