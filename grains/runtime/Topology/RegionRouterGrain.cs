using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Administration;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Placement;
using OrleansCache.Redis;

namespace OrleansCache.Topology;

/// <summary>Owns a region's ring; see <see cref="IRegionRouterGrain"/> and <see cref="IRingSource"/>.</summary>
[RegionPlacement, KeepAlive]
internal sealed partial class RegionRouterGrain(
    ITopologyStore store,
    INodeFactory factory,
    RegionRoutes routes,
    RegionalSilos silos,
    RegionInspector inspector,
    IOptions<CacheOptions> settings,
    Clock clock,
    ActivationLog activations,
    ILogger<RegionRouterGrain> logger) : Grain, IRegionRouterGrain, IRingSource
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PatienceWithStore = TimeSpan.FromSeconds(5);

    private readonly NodeRecovery _recovery = new((long)(2 * settings.Value.RingRefresh).TotalMilliseconds);
    private readonly HashSet<string> _unverified = [];
    private RingTopology _topology = null!;
    private long _storedVersion;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        activations.Began(this);
        var region = this.GetPrimaryKeyString();
        if (settings.Value.Regions.FirstOrDefault(configured => configured.Name == region) is not { } defined)
            throw new UnknownRegionException($"There is no region \"{region}\"; the regions are {string.Join(", ", settings.Value.Regions.Select(configured => configured.Name))}.");
        var nodes = defined.Nodes.Select(node => node.ToDefinition()).ToImmutableArray();
        _topology = new(region, 0, nodes, []);
        await ReadStoredAsync(cancellationToken);
        // The silos may already use a ring of a former router; ours must be newer.
        var used = (await AskSilosAsync()).Select(silo => silo.RingVersion).Append(routes.Version).Max();
        _topology = _topology with { Version = Math.Max(0, used) + 1 };
        routes.Take(_topology);
        this.RegisterGrainTimer(TryNodesAsync, settings.Value.NodeTrial, settings.Value.NodeTrial);
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        activations.Ended(this);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task<RingTopology> GetTopologyAsync(long known)
    {
        if (known > _topology.Version)
            await ChangeAsync(_topology with { Version = known });
        return _topology;
    }

    /// <inheritdoc/>
    public Task<RegionRing> GetRingAsync() => Task.FromResult(Describe());

    /// <inheritdoc/>
    public async Task ReportAsync(string silo, string[] down)
    {
        ArgumentNullException.ThrowIfNull(down);
        _recovery.Report(silo, down, clock.Now);
        foreach (var node in down.Where(IsOnRing))
        {
            // One silo's word is checked; when most silos say so, it does not matter that this one can still reach the node.
            if (MostReport(node) || !await AnswersAsync(node))
                await EjectAsync(node);
        }
    }

    /// <inheritdoc/>
    public async Task<RegionRing> AddNodeAsync(string name, string connection, int weight)
    {
        if (!NodeName.IsValid(name))
            throw new InvalidTopologyException($"\"{name}\" cannot be a node's name: use lower case letters, digits and hyphens, 1 to {NodeName.MaxLength} characters.");
        factory.AddressOf(connection);
        var ring = await EditAsync(nodes => nodes.Any(node => node.Name == name)
            ? throw new InvalidTopologyException($"The region \"{_topology.Region}\" has a node \"{name}\" already; choose another name, or change its weight.")
            : nodes.Add(new(name, connection, weight)));
        _unverified.Add(name);
        return ring;
    }

    /// <inheritdoc/>
    public Task<RegionRing> RemoveNodeAsync(string name) => EditAsync(nodes => nodes.Remove(Known(nodes, name)));

    /// <inheritdoc/>
    public Task<RegionRing> SetNodeWeightAsync(string name, int weight) =>
        EditAsync(nodes =>
        {
            var node = Known(nodes, name);
            return nodes.Replace(node, node with { Weight = weight });
        });

    /// <inheritdoc/>
    public Task<SiloStatistics[]> GetStatisticsAsync() => AskSilosAsync();

    /// <inheritdoc/>
    public Task<RegionInspection> PeekAsync(string key) => inspector.PeekAsync(CacheKey.Validate(key));

    /// <inheritdoc/>
    public Task<RegionPurge> PurgeAsync(string[]? books)
    {
        foreach (var key in books ?? [])
            CacheKey.Validate(key);
        return inspector.PurgeAsync(books);
    }

    private NodeDefinition Known(ImmutableArray<NodeDefinition> nodes, string name) =>
        nodes.FirstOrDefault(node => node.Name == name)
        ?? throw new InvalidTopologyException($"The region \"{_topology.Region}\" has no node \"{name}\"; its nodes are {string.Join(", ", nodes.Select(node => node.Name))}.");

    private async Task<RegionRing> EditAsync(Func<ImmutableArray<NodeDefinition>, ImmutableArray<NodeDefinition>> edit)
    {
        using var patience = new CancellationTokenSource(PatienceWithStore, clock.TimeProvider);
        try
        {
            return await EditAsync(edit, patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new CatalogUnavailableException($"The catalog did not keep the change of \"{_topology.Region}\" within {PatienceWithStore.TotalSeconds:0} s; look whether it is there, and try again.");
        }
    }

    private async Task<RegionRing> EditAsync(Func<ImmutableArray<NodeDefinition>, ImmutableArray<NodeDefinition>> edit, CancellationToken patience)
    {
        while (true)
        {
            var nodes = edit(_topology.Nodes);
            var next = _topology with
            {
                Nodes = nodes,
                Down = [.. _topology.Down.Where(down => nodes.Any(node => node.Name == down))],
            };
            next.ToRing();
            HashRing.Create(0, nodes.Select(node => new RingMember(node.Name, node.Weight)));
            // Kept before it is used: what the operator was told has happened must survive this silo.
            if (await store.WriteTopologyAsync(_topology.Region, new(_storedVersion + 1, nodes), patience))
            {
                _storedVersion++;
                await ChangeAsync(next);
                return Describe();
            }

            await ReadStoredAsync(patience);
        }
    }

    private async Task ReadStoredAsync(CancellationToken cancellation)
    {
        try
        {
            if (await store.ReadTopologyAsync(_topology.Region, cancellation) is { } stored)
            {
                _storedVersion = stored.Version;
                _topology = _topology with { Nodes = stored.Nodes };
            }
        }
        catch (CatalogUnavailableException error)
        {
            // Lookups need a ring more than they need the latest one; an edit reads again before it writes.
            LogTopologyUnreadable(_topology.Region, error.Message);
        }
    }

    /// <summary>A node that was added and does not answer should not count as up until lookups have found it out.</summary>
    private async Task TryUnverifiedAsync()
    {
        foreach (var node in _unverified.ToArray())
        {
            var known = _topology.Nodes.Any(member => member.Name == node) && !_topology.Down.Contains(node);
            if (known && !await AnswersAsync(node))
                await EjectAsync(node);
            _unverified.Remove(node);
        }
    }

    private async Task TryNodesAsync(CancellationToken cancellation)
    {
        await TryUnverifiedAsync();
        foreach (var node in _topology.Down)
        {
            // That this silo reaches it does not bring it back while most cannot: they would only report it again.
            if (_recovery.Passed(node, !MostReport(node) && await AnswersAsync(node)))
            {
                LogNodeBack(_topology.Region, node);
                await ChangeAsync(_topology with { Down = _topology.Down.Remove(node) });
            }
        }
    }

    private bool IsOnRing(string node) => !_topology.Down.Contains(node) && _topology.Nodes.Any(known => known.Name == node);

    private bool MostReport(string node) => _recovery.Reporters(node, clock.Now) * 2 > silos.Of(_topology.Region).Count();

    private async Task EjectAsync(string node)
    {
        LogNodeDown(_topology.Region, node);
        _recovery.Begin(node);
        await ChangeAsync(_topology with { Down = _topology.Down.Add(node) });
    }

    private async Task<bool> AnswersAsync(string name)
    {
        if (routes.NodeNamed(name) is not { } node)
            return false;
        try
        {
            await node.PingAsync(CancellationToken.None);
            return true;
        }
        catch (NodeUnavailableException)
        {
            return false;
        }
    }

    private async Task ChangeAsync(RingTopology next)
    {
        _topology = next with { Version = Math.Max(next.Version, _topology.Version) + 1 };
        await Task.WhenAll(silos.Of(_topology.Region).Select(PublishAsync));
    }

    private async Task PublishAsync(RegionalSilo silo)
    {
        try
        {
            await Reach(silo).TakeRingAsync(_topology).WaitAsync(Patience, clock.TimeProvider);
        }
        catch (Exception error)
        {
            // The silo asks for the ring by itself before long.
            LogNotPublished(silo.Name, error.Message);
        }
    }

    private async Task<SiloStatistics[]> AskSilosAsync()
    {
        var answers = await Task.WhenAll(silos.Of(_topology.Region).Select(AskAsync));
        return [.. answers.OfType<SiloStatistics>().OrderBy(silo => silo.Silo, StringComparer.Ordinal)];
    }

    private async Task<SiloStatistics?> AskAsync(RegionalSilo silo)
    {
        try
        {
            return await Reach(silo).GetStatisticsAsync().WaitAsync(Patience, clock.TimeProvider);
        }
        catch (Exception error)
        {
            LogNotAsked(silo.Name, error.Message);
            return null;
        }
    }

    private ISiloGrain Reach(RegionalSilo silo) => GrainFactory.GetGrain<ISiloGrain>(silo.Address.ToParsableString());

    private RegionRing Describe()
    {
        var ring = _topology.ToRing();
        return new(_topology.Region, _topology.Version,
        [
            .. _topology.Nodes.OrderBy(node => node.Name, StringComparer.Ordinal).Select(node =>
                new RingNode(node.Name, factory.AddressOf(node.Connection), node.Weight, !_topology.Down.Contains(node.Name), ring.ShareOf(node.Name))),
        ]);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Node {Node} of {Region} is down; it is off the ring until it answers again")]
    private partial void LogNodeDown(string region, string node);

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Node} of {Region} is back on the ring")]
    private partial void LogNodeBack(string region, string node);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The kept topology of {Region} cannot be read, the configured one is used: {Reason}")]
    private partial void LogTopologyUnreadable(string region, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo {Silo} did not say what it has: {Reason}")]
    private partial void LogNotAsked(string silo, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The ring was not published to {Silo}: {Reason}")]
    private partial void LogNotPublished(string silo, string reason);
}
