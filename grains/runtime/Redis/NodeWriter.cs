using System.Threading.Channels;
using OrleansCache.Diagnostics;
using OrleansCache.Topology;

namespace OrleansCache.Redis;

/// <summary>
/// Write-behind: writes what was loaded to the region's nodes without making readers wait. Entries are advisory, so when too many writes
/// are queued, further ones are dropped and counted.
/// </summary>
internal sealed class NodeWriter : IAsyncDisposable
{
    private const int QueueLength = 4_096;
    private const int Writers = 8;

    private readonly Channel<Write> _writes =
        Channel.CreateBounded<Write>(new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.Wait });
    private readonly CancellationTokenSource _stopping = new();
    private readonly RegionRoutes _routes;
    private readonly SiloCounters _counters;
    private readonly Task _work;

    public NodeWriter(RegionRoutes routes, SiloCounters counters)
    {
        (_routes, _counters) = (routes, counters);
        _work = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WorkAsync)));
    }

    /// <summary>The writes that wait.</summary>
    public int Waiting => _writes.Reader.Count;

    /// <summary>Queues a write, or drops it when the queue is full.</summary>
    /// <param name="row">What to write.</param>
    /// <param name="timeToLive">How long the node may keep it.</param>
    /// <param name="overwrite">Whether to replace a higher version too, because the row has just been read from the catalog.</param>
    public void Enqueue(CachedRow row, TimeSpan timeToLive, bool overwrite)
    {
        if (!_writes.Writer.TryWrite(new(row, timeToLive, overwrite)))
            _counters.CountNodeWriteDropped();
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
                if (_routes.NodeOf(write.Row.Key) is not { } node)
                    continue;
                if (node.CanWrite(write.Row.Key))
                    await TryWriteAsync(node, write);
                else
                    _counters.CountNodeWriteDropped();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The writes that are still queued are only advisory.
        }
    }

    private async Task TryWriteAsync(INode node, Write write)
    {
        try
        {
            await node.WriteAsync(write.Row, write.TimeToLive, write.Overwrite, _stopping.Token);
        }
        catch (NodeUnavailableException)
        {
            _counters.CountNodeFailure();
        }
    }

    private readonly record struct Write(CachedRow Row, TimeSpan TimeToLive, bool Overwrite);
}
