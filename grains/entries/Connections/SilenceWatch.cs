using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace OrleansCache.Connections;

/// <summary>
/// Gives up a connection when nothing comes from its peer, on this connection or on another one, although something was sent. While a path
/// is cut, TCP doubles the time until it sends again (RFC 6298): half a minute after the cut, nothing moves for another half a minute,
/// although the path is long there again. A new connection begins with packets of its own as soon as anybody has something to send. Two
/// silos have several connections and use them in turn, so that the answer to what was sent on one comes on another: only the silence of
/// all means something.
/// </summary>
internal sealed class SilenceWatch(TimeProvider time)
{
    /// <summary>
    /// The number of checks in a row with nothing received. Silos and clients ping each other every second, so a peer that is there is not
    /// silent for this long. Counted, and not timed: in a process that is paused or starved, the checks are, too.
    /// </summary>
    public const int ChecksUntilLost = 8;

    /// <summary>The time between two checks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(500);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, WatchedPeer> _peers = [];

    /// <summary>Watches the connections that are made with a builder.</summary>
    public void Use(IConnectionBuilder builder) => builder.Use(next => async context =>
    {
        var peer = Enter(context.RemoteEndPoint);
        try
        {
            var watched = new WatchedTransport(context.Transport, peer);
            context.Transport = watched;
            var timer = time.CreateTimer(_ => Check(context, watched), null, Period, Period);
            await using (timer.ConfigureAwait(false))
                await next(context).ConfigureAwait(false);
        }
        finally
        {
            Leave(peer);
        }
    });

    private static void Check(ConnectionContext context, WatchedTransport watched)
    {
        if (watched.IsSilentAgain() == ChecksUntilLost)
        {
            context.Abort(new ConnectionAbortedException(
                $"Nothing has come from {context.RemoteEndPoint} for {(ChecksUntilLost * Period).TotalSeconds:0} s, "
                + "although something was sent."));
        }
    }

    // By address and not by port: a peer's own connections come from ports of their own, and a path is cut for all ports.
    private WatchedPeer Enter(EndPoint? remote)
    {
        var address = remote is IPEndPoint endpoint ? endpoint.Address : IPAddress.None;
        lock (_gate)
        {
            if (!_peers.TryGetValue(address, out var peer))
                _peers[address] = peer = new(address);
            peer.Connections++;
            return peer;
        }
    }

    private void Leave(WatchedPeer peer)
    {
        lock (_gate)
        {
            if (--peer.Connections == 0)
                _peers.Remove(peer.Address);
        }
    }
}

/// <summary>The host at the other end of connections.</summary>
internal sealed class WatchedPeer(IPAddress address)
{
    private volatile int _heard;

    public IPAddress Address => address;

    /// <summary>The connections with it.</summary>
    public int Connections { get; set; }

    /// <summary>Another number than before when something has come from it since.</summary>
    public int Heard => _heard;

    // Two connections may count at once, and one of them be lost; the number changes nevertheless.
    public void NoteReceived() => _heard = _heard + 1;
}

/// <summary>A transport that knows whether anything has come from its peer since something was sent.</summary>
internal sealed class WatchedTransport : IDuplexPipe
{
    private readonly WatchedPeer _peer;
    private volatile bool _isUnanswered;
    private int _checks;
    private int _heard;

    public WatchedTransport(IDuplexPipe transport, WatchedPeer peer) =>
        (_peer, Input, Output) = (peer, new Reader(transport.Input, this), new Writer(transport.Output, this));

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Counts a check.</summary>
    /// <returns>How many in a row have found that something was sent and nothing has come from the peer since.</returns>
    public int IsSilentAgain()
    {
        var heard = _peer.Heard;
        if (heard == _heard && _isUnanswered)
            return ++_checks;
        (_heard, _checks) = (heard, 0);
        return 0;
    }

    private void Sent() => _isUnanswered = true;

    private void Received()
    {
        _isUnanswered = false;
        _peer.NoteReceived();
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
