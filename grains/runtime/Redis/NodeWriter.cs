using System.Threading.Channels;
using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Topology;

namespace OrleansCache.Redis;

/// <summary>
/// Writes what was loaded to the region's nodes behind the readers' backs. What nodes hold are hints, so when too many
/// writes wait, further ones are dropped and counted rather than kept.
/// </summary>
internal sealed class NodeWriter : IAsyncDisposable
{
    private const int Waiting = 4_096;
    private const int Writers = 8;

    private readonly Channel<Write> _writes = Channel.CreateBounded<Write>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.Wait });
    private readonly CancellationTokenSource _stopping = new();
    private readonly RegionRoutes _routes;
    private readonly LeasedEntryTable _entries;
    private readonly SiloCounters _counters;
    private readonly bool _removesLate;
    private readonly Task _work;

    public NodeWriter(RegionRoutes routes, LeasedEntryTable entries, SiloCounters counters, IOptions<CacheSettings> settings)
    {
        _removesLate = settings.Value.Coherence is Coherence.Ttl;
        (_routes, _entries, _counters) = (routes, entries, counters);
        _work = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WorkAsync)));
    }

    /// <summary>Takes a write on, or drops it.</summary>
    /// <param name="row">What to write.</param>
    /// <param name="timeToLive">How long the node may keep it.</param>
    /// <param name="overwrite">Whether to replace a higher version too: a caller has asked what the catalog holds, and that is the truth.</param>
    /// <param name="observedEpoch">What the table's count of revocations of the book was before it was asked for.</param>
    public void Enqueue(CachedRow row, TimeSpan timeToLive, bool overwrite, long observedEpoch)
    {
        if (!_writes.Writer.TryWrite(new(row, timeToLive, overwrite, observedEpoch)))
            _counters.CountNodeWriteDropped();
    }

    /// <summary>Removes books from their nodes; a node that cannot be reached keeps them until their time ends.</summary>
    public async Task RemoveAsync(IReadOnlyList<string> books, CancellationToken cancellation)
    {
        var byNode = books.GroupBy(_routes.NodeOf).Where(group => group.Key is not null);
        await Task.WhenAll(byNode.Select(group => TryAsync(() => group.Key!.RemoveAsync([.. group], cancellation))));
    }

    public async ValueTask DisposeAsync()
    {
        _writes.Writer.TryComplete();
        await _stopping.CancelAsync();
        await _work;
        _stopping.Dispose();
    }

    private async Task WorkAsync()
    {
        var reader = _writes.Reader;
        try
        {
            await foreach (var write in reader.ReadAllAsync(_stopping.Token))
            {
                // A revocation since the load began may have been of this very book.
                if (IsLate(write) || _routes.NodeOf(write.Row.Key) is not { IsAvailable: true } node)
                    continue;
                await TryAsync(() => node.WriteAsync(write.Row, write.TimeToLive, write.Overwrite, _stopping.Token));
                // One that came during the write may have removed the book before it was written.
                if (IsLate(write))
                    await TryAsync(() => node.RemoveAsync([write.Row.Key], _stopping.Token));
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // What was still waiting were hints.
        }
    }

    // Under leases an entry is only a hint, and the node itself refuses to replace a newer one.
    private bool IsLate(Write write) => _removesLate && write.ObservedEpoch != _entries.Epochs.Current(write.Row.Key);

    private async Task TryAsync(Func<ValueTask> call)
    {
        try
        {
            await call();
        }
        catch (NodeUnavailableException)
        {
            _counters.CountNodeFailure();
        }
    }

    private readonly record struct Write(CachedRow Row, TimeSpan TimeToLive, bool Overwrite, long ObservedEpoch);
}
