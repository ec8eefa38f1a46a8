using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Placement;
using OrleansCache.Redis;
using OrleansCache.Topology;

namespace OrleansCache.Administration;

/// <summary>What the silos and nodes of this silo's region hold: looks at it, or has them let go of it. Nobody who is silent is waited for long.</summary>
internal sealed partial class RegionInspector(RegionalSilos silos, RegionRoutes routes, IGrainFactory grains, Clock clock, ILogger<RegionInspector> logger)
{
    private static readonly TimeSpan PeekPatience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SiloPatience = TimeSpan.FromSeconds(2);

    // With two rounds of silos well below what a client waits for an operation.
    private static readonly TimeSpan NodePatience = TimeSpan.FromSeconds(8);

    /// <summary>Who holds a book now. Activates no book and counts as no read.</summary>
    public async Task<RegionInspection> PeekAsync(string key)
    {
        var node = PeekNodeAsync(key);
        var held = await Task.WhenAll(Members().Select(silo => PeekSiloAsync(silo, key)));
        return new(routes.Region, [.. held], await node);
    }

    /// <summary>Has all silos and nodes let go of copies.</summary>
    /// <param name="books">Of which books; null for all.</param>
    public async Task<RegionPurge> PurgeAsync(string[]? books)
    {
        var members = Members();
        var first = await Task.WhenAll(members.Select(silo => TryEvictAsync(silo, books)));
        var nodes = await Task.WhenAll(RemovalsOf(books));
        // Until then the nodes gave out what they had, and lookups may have brought it back into memory.
        var second = await Task.WhenAll(members.Select(silo => TryEvictAsync(silo, books)));
        var done = members.Where((_, i) => first[i] && second[i]).Select(silo => silo.Name).ToImmutableArray();
        return new(
            routes.Region,
            done,
            [.. members.Select(silo => silo.Name).Except(done)],
            [.. nodes.Where(node => node.Entries is not null).Select(node => node.Name)],
            [.. nodes.Where(node => node.Entries is null).Select(node => node.Name)],
            books is null ? nodes.Sum(node => node.Entries ?? 0) : null);
    }

    private RegionalSilo[] Members() => [.. silos.Of(routes.Region).OrderBy(silo => silo.Name, StringComparer.Ordinal)];

    private async Task<SiloInspection> PeekSiloAsync(RegionalSilo silo, string key)
    {
        try
        {
            return await Reach(silo).PeekAsync(key).WaitAsync(PeekPatience, clock.TimeProvider);
        }
        catch (Exception error)
        {
            return new(silo.Name, null, Problem: error is TimeoutException ? $"The silo {silo.Name} did not answer within {PeekPatience.TotalMilliseconds:0} ms." : error.Message);
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

    private async Task<bool> TryEvictAsync(RegionalSilo silo, string[]? books)
    {
        try
        {
            await Reach(silo).EvictAsync(books).WaitAsync(SiloPatience, clock.TimeProvider);
            return true;
        }
        catch (Exception error)
        {
            LogNotEvicted(silo.Name, error.Message);
            return false;
        }
    }

    private IEnumerable<Task<(string Name, long? Entries)>> RemovalsOf(string[]? books) => books is null
        ? routes.Nodes().Select(node => TryRemoveAsync(node, node.ClearAsync))
        : books.GroupBy(routes.NodeOf).Where(group => group.Key is not null).Select(group => TryRemoveAsync(group.Key!, async patience =>
        {
            await group.Key!.RemoveAsync([.. group], patience);
            return 0;
        }));

    private async Task<(string Name, long? Entries)> TryRemoveAsync(INode node, Func<CancellationToken, ValueTask<long>> remove)
    {
        using var patience = new CancellationTokenSource(NodePatience, clock.TimeProvider);
        try
        {
            return (node.Name, await remove(patience.Token));
        }
        catch (Exception error) when (error is NodeUnavailableException or OperationCanceledException)
        {
            LogNotRemoved(node.Name, error.Message);
            return (node.Name, null);
        }
    }

    private ILeaseHolder Reach(RegionalSilo silo) => grains.GetGrain<ILeaseHolder>(silo.Address.ToParsableString());

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo {Silo} did not say that it has dropped what was to be purged: {Reason}")]
    private partial void LogNotEvicted(string silo, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The node {Node} was not purged: {Reason}")]
    private partial void LogNotRemoved(string node, string reason);
}
