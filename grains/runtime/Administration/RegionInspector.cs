using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Placement;
using OrleansCache.Redis;
using OrleansCache.Topology;

namespace OrleansCache.Administration;

/// <summary>
/// Peeks at what the silos and nodes of this silo's region hold and are asked for, and purges it. Waits a limited time for each of them.
/// </summary>
internal sealed partial class RegionInspector(
    RegionalSilos silos, RegionRoutes routes, IGrainFactory grains, Clock clock, ILogger<RegionInspector> logger)
{
    private static readonly TimeSpan PeekTimeout = TimeSpan.FromMilliseconds(500);

    // A purge takes at most two rounds of silos and one of nodes, 12 s, below the client's OperationTimeout (15 s by default).
    private static readonly TimeSpan EvictTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan NodeTimeout = TimeSpan.FromSeconds(8);

    /// <summary>Where an entry is held now. Activates no grain and counts as no use of the entry.</summary>
    public async Task<RegionInspection> PeekAsync(string key)
    {
        var node = PeekNodeAsync(key);
        var held = await Task.WhenAll(Members().Select(silo => PeekSiloAsync(silo, key)));
        return new(routes.Region, [.. held], await node);
    }

    /// <summary>The keys that are looked up most at each silo that responds.</summary>
    public async Task<SiloHotKeys[]> HotKeysAsync() =>
        [.. (await Task.WhenAll(Members().Select(TryGetHotKeysAsync))).OfType<SiloHotKeys>()];

    /// <summary>Removes entries from all silos, the clients below them and the nodes.</summary>
    /// <param name="keys">Their keys; null for all entries.</param>
    public async Task<RegionPurge> PurgeAsync(string[]? keys)
    {
        var members = Members();
        var first = await Task.WhenAll(members.Select(silo => TryEvictAsync(silo, keys)));
        var emptied = await Task.WhenAll(RemovalsOf(keys));
        // Nobody waits for a node that was removed from the region, least of all because it is dead; the log has what it did not do.
        var nodes = emptied.Where(node => node.Purge.Problems.Count == 0 || routes.NodeNamed(node.Name) is not null).ToArray();
        // Twice, because a lookup during the first round may have brought an entry back from a node.
        var second = await Task.WhenAll(members.Select(silo => TryEvictAsync(silo, keys)));
        var done = members.Where((_, i) => first[i] && second[i]).Select(silo => silo.Name).ToImmutableArray();
        return new(
            routes.Region,
            done,
            [.. members.Select(silo => silo.Name).Except(done)],
            [.. nodes.Where(node => node.Purge.Problems.Count == 0).Select(node => node.Name)],
            [.. nodes.Where(node => node.Purge.Problems.Count > 0).Select(node => node.Name)],
            keys is null ? nodes.Sum(node => node.Purge.Removed) : null,
            [.. nodes.SelectMany(node => node.Purge.Problems.Select(problem => $"{node.Name}: {problem}"))]);
    }

    private RegionalSilo[] Members() => [.. silos.Of(routes.Region).OrderBy(silo => silo.Name, StringComparer.Ordinal)];

    private async Task<SiloInspection> PeekSiloAsync(RegionalSilo silo, string key)
    {
        try
        {
            return await Reach(silo).PeekAsync(key).WaitAsync(PeekTimeout, clock.TimeProvider);
        }
        catch (TimeoutException)
        {
            return new(silo.Name, null, Problem: $"The silo {silo.Name} did not respond within {PeekTimeout.TotalMilliseconds:0} ms.");
        }
        catch (Exception error)
        {
            return new(silo.Name, null, Problem: error.Message);
        }
    }

    private async Task<SiloHotKeys?> TryGetHotKeysAsync(RegionalSilo silo)
    {
        try
        {
            var grain = grains.GetGrain<ISiloGrain>(silo.Address.ToParsableString());
            return await grain.GetHotKeysAsync().WaitAsync(PeekTimeout, clock.TimeProvider);
        }
        catch (Exception)
        {
            // Whatever the reason, it is asked again in a second; that it does not respond is seen by its statistics.
            return null;
        }
    }

    private async Task<NodeInspection?> PeekNodeAsync(string key)
    {
        if (routes.NodeOf(key) is not { } node)
            return null;
        try
        {
            var entry = await node.ReadAsync(key, CancellationToken.None);
            return new(node.Name, entry?.Row, entry?.TimeToLive ?? TimeSpan.Zero);
        }
        catch (NodeUnavailableException error)
        {
            return new(node.Name, null, Problem: error.Message);
        }
    }

    private async Task<bool> TryEvictAsync(RegionalSilo silo, string[]? keys)
    {
        try
        {
            await Reach(silo).EvictAsync(keys).WaitAsync(EvictTimeout, clock.TimeProvider);
            return true;
        }
        catch (Exception error)
        {
            LogNotEvicted(silo.Name, error.Message);
            return false;
        }
    }

    private IEnumerable<Task<(string Name, NodePurge Purge)>> RemovalsOf(string[]? keys)
    {
        if (keys is null)
            return routes.Nodes().Concat(routes.RemovedNodes()).Select(node => TryRemoveAsync(node, node.ClearAsync));
        // Lookups would bring back what the former node of a key has.
        var places = keys.Select(CacheKey.Parse)
            .SelectMany(key => (IEnumerable<(INode? Node, string Key)>)
                [(routes.NodeOf(key), key.Text), (routes.FormerNodeOf(key), key.Text)]);
        return places.Where(place => place.Node is not null).GroupBy(place => place.Node!, place => place.Key).Select(group =>
            TryRemoveAsync(group.Key, async cancellation =>
            {
                await group.Key.RemoveAsync([.. group], cancellation);
                return new(0, []);
            }));
    }

    private async Task<(string Name, NodePurge Purge)> TryRemoveAsync(INode node, Func<CancellationToken, ValueTask<NodePurge>> remove)
    {
        using var timeout = new CancellationTokenSource(NodeTimeout, clock.TimeProvider);
        NodePurge purge;
        try
        {
            purge = await remove(timeout.Token);
        }
        catch (NodeUnavailableException error)
        {
            purge = new(0, [error.Message]);
        }
        catch (OperationCanceledException)
        {
            purge = new(0, [$"It was not done within {NodeTimeout.TotalSeconds:0} s."]);
        }

        foreach (var problem in purge.Problems)
            LogNotRemoved(node.Name, problem);
        return (node.Name, purge);
    }

    private ILeaseHolder Reach(RegionalSilo silo) => grains.GetGrain<ILeaseHolder>(silo.Address.ToParsableString());

    [LoggerMessage(EventId = 1700, Level = LogLevel.Warning, Message = "The silo {Silo} did not confirm the purge: {Reason}")]
    private partial void LogNotEvicted(string silo, string reason);

    [LoggerMessage(EventId = 1701, Level = LogLevel.Warning, Message = "The node {Node} was not purged: {Reason}")]
    private partial void LogNotRemoved(string node, string reason);
}
