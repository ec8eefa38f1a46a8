using System.Threading.Channels;
using OrleansCache.Diagnostics;
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
    private readonly SiloCounters _counters;
    private readonly Task _work;

    public NodeWriter(RegionRoutes routes, SiloCounters counters)
    {
        (_routes, _counters) = (routes, counters);
        _work = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WorkAsync)));
    }

    /// <summary>Takes a write on, or drops it.</summary>
    /// <param name="row">What to write.</param>
    /// <param name="timeToLive">How long the node may keep it.</param>
    /// <param name="overwrite">Whether to replace a higher version too: a caller has asked what the catalog holds, and that is the truth.</param>
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
                if (_routes.NodeOf(write.Row.Key) is { IsAvailable: true } node)
                    await TryWriteAsync(node, write);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // What was still waiting were hints.
        }
    }

    // An entry in a node is only a hint, and the node itself refuses to replace a newer one.
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
