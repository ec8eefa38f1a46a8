using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace OrleansCache.Connections;

/// <summary>
/// Gives up a connection from which nothing comes although something was sent. While a path is cut, TCP doubles the time until it sends
/// again (RFC 6298): half a minute after the cut, nothing moves for another half a minute, although the path is long there again. A new
/// connection begins with packets of its own as soon as anybody has something to send.
/// </summary>
internal static class SilenceWatch
{
    /// <summary>
    /// The number of checks in a row with nothing received. Silos and clients ping each other every second, so a connection that works is
    /// not silent for this long. Counted, and not timed: in a process that is paused or starved, the checks are, too.
    /// </summary>
    public const int ChecksUntilLost = 8;

    /// <summary>The time between two checks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    /// <summary>Watches the connections that are made with this builder.</summary>
    public static void UseSilenceWatch(this IConnectionBuilder builder, TimeProvider time)
    {
        builder.Use(next => async context =>
        {
            var watched = new WatchedTransport(context.Transport);
            context.Transport = watched;
            var timer = time.CreateTimer(_ => Check(context, watched), null, Period, Period);
            await using (timer.ConfigureAwait(false))
                await next(context).ConfigureAwait(false);
        });
    }

    private static void Check(ConnectionContext context, WatchedTransport watched)
    {
        if (watched.IsSilentAgain() == ChecksUntilLost)
        {
            context.Abort(new ConnectionAbortedException(
                $"Nothing has come from {context.RemoteEndPoint} for {(ChecksUntilLost * Period).TotalSeconds:0} s, "
                + "although something was sent."));
        }
    }
}

/// <summary>A transport that knows whether anything has come since something was sent.</summary>
internal sealed class WatchedTransport : IDuplexPipe
{
    private volatile bool _isUnanswered;
    private int _checks;

    public WatchedTransport(IDuplexPipe transport) =>
        (Input, Output) = (new Reader(transport.Input, this), new Writer(transport.Output, this));

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Counts a check.</summary>
    /// <returns>How many in a row have found that something was sent and nothing has come since.</returns>
    public int IsSilentAgain() => _isUnanswered ? Interlocked.Increment(ref _checks) : 0;

    private void Sent() => _isUnanswered = true;

    private void Received()
    {
        _isUnanswered = false;
        Volatile.Write(ref _checks, 0);
    }

    private sealed class Reader(PipeReader inner, WatchedTransport watch) : PipeReader
    {
        public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var result = await inner.ReadAsync(cancellationToken).ConfigureAwait(false);
            watch.Received();
            return result;
        }

        public override bool TryRead(out ReadResult result)
        {
            if (!inner.TryRead(out result))
                return false;
            watch.Received();
            return true;
        }

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
    }

    private sealed class Writer(PipeWriter inner, WatchedTransport watch) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes) => inner.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            watch.Sent();
            return inner.FlushAsync(cancellationToken);
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
    }
}
