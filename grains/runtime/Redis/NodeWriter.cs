using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Topology;

namespace OrleansCache.Redis;

/// <summary>
/// Write-behind: writes what was loaded to the region's nodes without making readers wait. Entries are advisory, so when too many writes
/// or too many bytes are queued, further ones are dropped and counted.
/// </summary>
internal sealed partial class NodeWriter : IAsyncDisposable
{
    /// <summary>The bytes that the payloads of queued writes may take. They are not part of the memory budget.</summary>
    internal const long MaxBytes = 16 * 1024 * 1024;

    private const int QueueLength = 4_096;
    private const int Writers = 8;

    private static readonly TimeSpan BetweenErrors = TimeSpan.FromMinutes(1);

    private readonly Channel<Write> _writes =
        Channel.CreateBounded<Write>(new BoundedChannelOptions(QueueLength) { FullMode = BoundedChannelFullMode.Wait });
    private readonly CancellationTokenSource _stopping = new();
    private readonly RegionRoutes _routes;
    private readonly SiloCounters _counters;
    private readonly Clock _clock;
    private readonly ILogger<NodeWriter> _logger;
    private readonly Task _work;
    private long _bytes;
    private long _toldAt = long.MinValue;

    public NodeWriter(RegionRoutes routes, SiloCounters counters, Clock clock, ILogger<NodeWriter> logger)
    {
        (_routes, _counters, _clock, _logger) = (routes, counters, clock, logger);
        _work = Task.WhenAll(Enumerable.Range(0, Writers).Select(_ => Task.Run(WorkAsync)));
    }

    /// <summary>The writes that wait.</summary>
    public int Waiting => _writes.Reader.Count;

    /// <summary>The bytes of the payloads that wait or are being written.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Queues a write, or drops it when the queue is full.</summary>
    /// <param name="row">What to write.</param>
    /// <param name="ends">The moment until which the node may keep it, in milliseconds of the clock.</param>
    /// <param name="overwrite">Whether to replace a higher version too, because the row has just been read from the catalog.</param>
    public void Enqueue(CachedRow row, long ends, bool overwrite)
    {
        var write = new Write(row, ends, overwrite);
        if (Interlocked.Add(ref _bytes, write.Bytes) <= MaxBytes && _writes.Writer.TryWrite(write))
            return;
        Interlocked.Add(ref _bytes, -write.Bytes);
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
                try
                {
                    await WriteAsync(write);
                }
                catch (Exception error) when (error is not OperationCanceledException || !_stopping.IsCancellationRequested)
                {
                    _counters.CountNodeFailure();
                    Tell(error);
                }
                finally
                {
                    Interlocked.Add(ref _bytes, -write.Bytes);
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The writes that are still queued are only advisory.
        }
    }

    private async Task WriteAsync(Write write)
    {
        // What has waited lives as long as if it had not.
        var left = TimeSpan.FromMilliseconds(write.Ends - _clock.Now);
        if (left <= TimeSpan.Zero || _routes.NodeOf(write.Row.Key) is not { } node)
            return;
        if (node.CanWrite(write.Row.Key))
            await node.WriteAsync(write.Row, left, write.Overwrite, _stopping.Token);
        else
            _counters.CountNodeWriteDropped();
    }

    /// <summary>Logs what a node does not tell itself.</summary>
    private void Tell(Exception error)
    {
        var (now, last) = (_clock.Now, Interlocked.Read(ref _toldAt));
        if (error is NodeUnavailableException || (last != long.MinValue && now - last < BetweenErrors.TotalMilliseconds)
            || Interlocked.CompareExchange(ref _toldAt, now, last) != last)
            return;
        LogFailed(error);
    }

    [LoggerMessage(EventId = 1503, Level = LogLevel.Error, Message =
        "An entry could not be written to its node, and others are still. (Once a minute at most.)")]
    private partial void LogFailed(Exception error);

    private readonly record struct Write(CachedRow Row, long Ends, bool Overwrite)
    {
        public long Bytes => Row.Payload?.Length ?? 0;
    }
}
