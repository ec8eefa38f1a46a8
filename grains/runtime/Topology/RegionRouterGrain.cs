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

/// <summary>
/// The router of a region owns its hash ring: it decides which nodes are on it, counts its versions, stores what operators change, and
/// publishes each ring to the region's silos. It ejects a node that most silos report, or that one reports and that does not serve
/// the router's reads either, and brings it back when it serves them again. It routes no lookup: silos use their own copy of the ring
/// (<see cref="RegionRoutes"/>), so lookups go on without a router. It is also the region's entry point for administration: statistics,
/// peek, purge. See <see cref="IRegionRouterGrain"/> for operators and clients, <see cref="IRingSource"/> for silos.
/// </summary>
[RegionPlacement, KeepAlive]
internal sealed partial class RegionRouterGrain(
    SettingsTopology store,
    INodeFactory factory,
    RegionRoutes routes,
    RegionalSilos silos,
    RegionInspector inspector,
    IOptions<CacheOptions> settings,
    Clock clock,
    ActivationLog activations,
    ILogger<RegionRouterGrain> logger) : Grain, IRegionRouterGrain, IRingSource
{
    private readonly NodeRecovery _recovery = new((long)(2 * settings.Value.RingRefresh).TotalMilliseconds);
    private RingTopology _topology = null!;
    private long _storedVersion;

    /// <inheritdoc/>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        activations.Began(this);
        var region = this.GetPrimaryKeyString();
        if (settings.Value.Regions.FirstOrDefault(configured => configured.Name == region) is not { } defined)
        {
            var names = string.Join(", ", settings.Value.Regions.Select(configured => configured.Name));
            throw new UnknownRegionException($"There is no region \"{region}\"; the regions are {names}.");
        }

        _topology = new(region, 0, store.Configured(defined.Name), []);
        await ReadStoredAsync(cancellationToken);
        // The silos may use a ring of a former router; this one's must be newer.
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
    public async Task ReportAsync(string silo, NodeTrouble[] nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        _recovery.Report(silo, nodes, clock.Now);
        foreach (var node in nodes.Where(node => node.State == NodeState.Down && IsOnRing(node.Name)))
        {
            // One silo's report is verified by a probe. When most silos report the node, it does not matter that it serves this one.
            if (MostReport(node.Name) || !await ServesAsync(node.Name))
                await EjectAsync(node.Name, node.Reason);
        }
    }

    /// <inheritdoc/>
    public async Task<RegionRing> AddNodeAsync(string name, string connection, int weight)
    {
        if (!NodeName.IsValid(name))
        {
            throw new InvalidTopologyException(
                $"\"{name}\" is not a valid node name: use 1 to {NodeName.MaxLength} lower case letters, digits and hyphens.");
        }

        connection = store.Given(_topology.Region, connection);
        factory.AddressOf(connection);
        await EditAsync(nodes => nodes.Any(node => node.Name == name)
            ? throw new InvalidTopologyException(
                $"The region \"{_topology.Region}\" already has a node \"{name}\"; choose another name, or change its weight.")
            : nodes.Add(new(name, connection, weight)));
        await TryNewAsync(name);
        return Describe();
    }

    /// <inheritdoc/>
    public async Task<RegionRing> RemoveNodeAsync(string name)
    {
        var ring = await EditAsync(nodes => nodes.Remove(Known(nodes, name)));
        _recovery.Forget(name);
        return ring;
    }

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
    public Task<SiloHotKeys[]> GetHotKeysAsync() => inspector.HotKeysAsync();

    /// <inheritdoc/>
    public Task<RegionInspection> PeekAsync(string key) => inspector.PeekAsync(CacheKey.Validate(key));

    /// <inheritdoc/>
    public Task<RegionPurge> PurgeAsync(string[]? keys)
    {
        MessageLimits.Check(keys?.Length ?? 0, MessageLimits.Edits, "keys");
        foreach (var key in keys ?? [])
            CacheKey.Validate(key);
        return inspector.PurgeAsync(keys);
    }

    private NodeDefinition Known(ImmutableArray<NodeDefinition> nodes, string name) =>
        nodes.FirstOrDefault(node => node.Name == name)
        ?? throw new InvalidTopologyException(
            $"The region \"{_topology.Region}\" has no node \"{name}\"; "
            + $"its nodes are {string.Join(", ", nodes.Select(node => node.Name))}.");

    private async Task<RegionRing> EditAsync(Func<ImmutableArray<NodeDefinition>, ImmutableArray<NodeDefinition>> edit)
    {
        using var timeout = new CancellationTokenSource(TopologyTimeouts.Catalog, clock.TimeProvider);
        try
        {
            return await EditAsync(edit, timeout.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            throw new CatalogUnavailableException(
                $"The catalog did not store the change of \"{_topology.Region}\" within {TopologyTimeouts.Catalog.TotalSeconds:0} s; "
                + "check with ring whether it was made, and try again.");
        }
    }

    private async Task<RegionRing> EditAsync(
        Func<ImmutableArray<NodeDefinition>, ImmutableArray<NodeDefinition>> edit, CancellationToken cancellation)
    {
        while (true)
        {
            var nodes = edit(_topology.Nodes);
            var next = _topology with
            {
                Nodes = nodes,
                Down = [.. _topology.Down.Where(down => nodes.Any(node => node.Name == down))],
            };
            // Throws if a weight is invalid, also that of a node that is down.
            HashRing.Create(0, nodes.Select(node => new RingMember(node.Name, node.Weight)));
            // Stored before it is used: an acknowledged change must survive this silo.
            if (await store.WriteAsync(_topology.Region, new(_storedVersion + 1, nodes), cancellation))
            {
                _storedVersion++;
                await ChangeAsync(next);
                return Describe();
            }

            // Another router has changed it meanwhile: repeat the edit on the latest topology.
            await ReadStoredAsync(cancellation);
        }
    }

    private async Task ReadStoredAsync(CancellationToken cancellation)
    {
        try
        {
            if (await store.ReadAsync(_topology.Region, cancellation) is { } stored)
            {
                _storedVersion = stored.Version;
                _topology = _topology with { Nodes = stored.Nodes };
            }
        }
        catch (CatalogUnavailableException error)
        {
            // A slightly old ring serves lookups better than none; an edit reads again, because its write fails on the old version.
            LogTopologyUnreadable(_topology.Region, error.Message);
        }
    }

    /// <summary>
    /// Uses a node that was just added, instead of waiting until lookups have failed on it. What fails opens its circuits here, so that its
    /// state is known; a first connection may take longer than one call.
    /// </summary>
    private async Task TryNewAsync(string name)
    {
        routes.Take(_topology);
        var found = NodeHealth.Up;
        for (var trial = 0; trial < settings.Value.Node.MinimumThroughput && routes.NodeNamed(name) is { } node; trial++)
        {
            found = await node.ProbeAsync(CancellationToken.None);
            if (found.State == NodeState.Up)
                return;
        }

        if (found.State == NodeState.Down && IsOnRing(name))
            await EjectAsync(name, found.Reason);
    }

    private async Task TryNodesAsync(CancellationToken cancellation)
    {
        foreach (var node in _topology.Down)
        {
            // While most silos report the node, it stays off the ring even if this silo reaches it: they would eject it again.
            if (_recovery.Passed(node, !MostReport(node) && await ServesAsync(node)))
            {
                LogNodeBack(_topology.Region, node);
                await ChangeAsync(_topology with { Down = _topology.Down.Remove(node) });
            }
        }
    }

    private bool IsOnRing(string node) => !_topology.Down.Contains(node) && _topology.Nodes.Any(known => known.Name == node);

    private bool MostReport(string node) => _recovery.Reporters(node, clock.Now) * 2 > silos.Of(_topology.Region).Count();

    private async Task EjectAsync(string node, string? reason)
    {
        reason ??= "it does not serve reads";
        LogNodeDown(_topology.Region, node, reason, RedisFault.AdviceFor(reason) ?? "");
        _recovery.Begin(node, reason);
        await ChangeAsync(_topology with { Down = _topology.Down.Add(node) });
    }

    private async Task<bool> ServesAsync(string name) =>
        routes.NodeNamed(name) is { } node && (await node.ProbeAsync(CancellationToken.None)).State != NodeState.Down;

    private async Task ChangeAsync(RingTopology next)
    {
        _topology = next with { Version = Math.Max(next.Version, _topology.Version) + 1 };
        await Task.WhenAll(silos.Of(_topology.Region).Select(PublishAsync));
    }

    private async Task PublishAsync(RegionalSilo silo)
    {
        try
        {
            await Reach(silo).TakeRingAsync(_topology).WaitAsync(TopologyTimeouts.Silo, clock.TimeProvider);
        }
        catch (Exception error)
        {
            // The silo polls for the ring; see RingFollower.
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
            return await Reach(silo).GetStatisticsAsync().WaitAsync(TopologyTimeouts.Silo, clock.TimeProvider);
        }
        catch (Exception error)
        {
            LogNoStatistics(silo.Name, error.Message);
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
            {
                var isUp = !_topology.Down.Contains(node.Name);
                var trouble = TroubleOf(node.Name);
                return new RingNode(
                    node.Name,
                    factory.AddressOf(node.Connection),
                    node.Weight,
                    isUp,
                    ring.ShareOf(node.Name),
                    !isUp ? NodeState.Down : trouble is null ? NodeState.Up : NodeState.Degraded,
                    trouble);
            }),
        ]);
    }

    /// <summary>What is wrong with a node for this silo, or else for another one.</summary>
    private string? TroubleOf(string node) => routes.NodeNamed(node)?.Health.Reason ?? _recovery.ReasonOf(node, clock.Now);

    [LoggerMessage(EventId = 1400, Level = LogLevel.Warning, Message =
        "Node {Node} of {Region} is down; it is off the ring until it serves reads again: {Reason}. {Advice}")]
    private partial void LogNodeDown(string region, string node, string reason, string advice);

    [LoggerMessage(EventId = 1401, Level = LogLevel.Information, Message = "Node {Node} of {Region} is back on the ring")]
    private partial void LogNodeBack(string region, string node);

    [LoggerMessage(EventId = 1402, Level = LogLevel.Warning, Message =
        "The stored topology of {Region} cannot be read; the router uses the configured one: {Reason}")]
    private partial void LogTopologyUnreadable(string region, string reason);

    [LoggerMessage(EventId = 1403, Level = LogLevel.Warning, Message = "The silo {Silo} did not report its statistics: {Reason}")]
    private partial void LogNoStatistics(string silo, string reason);

    [LoggerMessage(EventId = 1404, Level = LogLevel.Warning, Message = "The ring was not published to {Silo}: {Reason}")]
    private partial void LogNotPublished(string silo, string reason);
}

/// <summary>The silos' reports about nodes that they cannot reach, and how often in a row a node that is down has responded.</summary>
/// <param name="validFor">For how many milliseconds a report counts; silos repeat theirs while they have something to report.</param>
internal sealed class NodeRecovery(long validFor)
{
    // One response may be luck; two in a row, one trial apart, count as recovered.
    private const int ResponsesToRecover = 2;

    private readonly Dictionary<string, (NodeTrouble[] Nodes, long At)> _reports = [];
    private readonly Dictionary<string, int> _responses = [];
    private readonly Dictionary<string, string> _reasons = [];

    /// <summary>Replaces a silo's last report.</summary>
    public void Report(string silo, NodeTrouble[] nodes, long now)
    {
        // Silos that are gone report no more.
        foreach (var (other, report) in _reports)
        {
            if (!IsFresh(report.At, now))
                _reports.Remove(other);
        }

        _reports[silo] = (nodes, now);
    }

    /// <summary>How many silos report a node as down.</summary>
    public int Reporters(string node, long now) => Fresh(node, now).Count(report => report.State == NodeState.Down);

    /// <summary>What is wrong with a node by the reports, or else why it was ejected; null when nothing is.</summary>
    public string? ReasonOf(string node, long now) =>
        Fresh(node, now).OrderByDescending(report => report.State).FirstOrDefault()?.Reason ?? _reasons.GetValueOrDefault(node);

    /// <summary>Starts counting the responses of a node that was ejected.</summary>
    public void Begin(string node, string reason) => (_responses[node], _reasons[node]) = (0, reason);

    /// <summary>Records the result of a trial; true when the node has responded often enough to go back on the ring.</summary>
    public bool Passed(string node, bool responded)
    {
        var responses = responded ? _responses.GetValueOrDefault(node) + 1 : 0;
        _responses[node] = responses;
        if (responses < ResponsesToRecover)
            return false;
        _responses.Remove(node);
        _reasons.Remove(node);
        return true;
    }

    /// <summary>Forgets a node that was removed.</summary>
    public void Forget(string node)
    {
        _responses.Remove(node);
        _reasons.Remove(node);
    }

    private IEnumerable<NodeTrouble> Fresh(string node, long now) =>
        _reports.Values.Where(report => IsFresh(report.At, now)).SelectMany(report => report.Nodes.Where(found => found.Name == node));

    private bool IsFresh(long at, long now) => now - at < validFor;
}
