using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.Extensions.Logging;
using OrleansCache.Engine.Directory;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Transport;

/// <summary>
/// A stream between two hosts that carries many calls in both directions at once.
/// 1. What is sent is gathered while the stream is busy and goes out together.
/// 2. Requests that are too far ahead of the stream wait, a bounded number of them. Answers cannot wait, since a grain's turn makes them: a peer that
///    leaves too many unread is cut off. So is one that reads nothing at all for a while.
/// 3. A frame that makes no sense ends the connection, and nothing else.
/// </summary>
internal sealed partial class Connection : IThreadPoolWorkItem
{
    /// <summary>Requests wait while more bytes than this are on their way out.</summary>
    internal const int HighWater = 1 << 22;

    /// <summary>A peer that leaves more bytes than this unread is cut off.</summary>
    internal const int MostUnsent = 1 << 26;

    /// <summary>The most requests that a peer may have unanswered, and the most of this host's own that may wait for room.</summary>
    internal const int MostRequests = 1 << 16;

    /// <summary>The most bytes that the unanswered requests of a peer may have, unless it is a single one.</summary>
    internal const long MostRequestBytes = 1 << 28;

    /// <summary>How long a peer may read nothing at all while there is something for it to read.</summary>
    internal static readonly TimeSpan StallLimit = TimeSpan.FromSeconds(10);

    /// <summary>How long a peer may take to agree that it sends no more requests.</summary>
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);
    private const int PieceSize = 1 << 20;
    private readonly Lock _gate = new();
    private readonly IDuplexPipe _pipe;
    private readonly IConnectionOwner _owner;
    private readonly int _mostFrameBytes;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Dictionary<long, Call> _sent = [];
    private readonly Dictionary<long, RelayedCall> _received = [];
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrameBuffer _filling = new();
    private FrameBuffer _flushing = new();
    private TaskCompletionSource? _space;
    private TaskCompletionSource? _idle;
    private int _waiting;
    private long _receivedBytes;
    private bool _isFlushing;
    private bool _isClosed;
    private long _lastId;
    private TaskCompletionSource? _flushed;
    private TaskCompletionSource? _drained;

    public Connection(IDuplexPipe pipe, Peer peer, IConnectionOwner owner, int mostFrameBytes, ILogger logger, TimeProvider? time = null)
    {
        (_pipe, Peer, _owner, _mostFrameBytes, _logger, _time) = (pipe, peer, owner, mostFrameBytes, logger, time ?? TimeProvider.System);
    }

    public Peer Peer { get; }

    /// <summary>The peer is stopping and has said so.</summary>
    public bool IsDraining { get; private set; }

    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Completes when the connection has ended.</summary>
    public Task Closed => _closed.Task;

    /// <summary>Sends a request, unless nobody waits for it any more. False when the connection has ended or takes only silos' own requests any more, so that it can go another way.</summary>
    public async ValueTask<bool> SendAsync(Call call)
    {
        while (!call.IsDone)
        {
            Task? space = null;
            Exception? unsendable = null;
            long id = 0;
            var isMine = false;
            lock (_gate)
            {
                if (_isClosed || (IsDraining && !SiloControlIds.IsControl(call.Target))) return false;
                if (_filling.Length < HighWater) (id, unsendable, isMine) = SendUnderLock(call);
                else if (_waiting >= MostRequests) unsendable = new OrleansMessageRejectionException($"{call} was not sent: {Peer} is slow to read, and {_waiting} requests wait for it already. Send fewer at once.");
                else space = (_space ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
                if (space is not null) _waiting++;
            }

            if (space is not null)
            {
                await space.ConfigureAwait(false);
                lock (_gate) _waiting--;
                continue;
            }

            if (isMine) _ = FlushAsync(isGuest: true);

            // Not under the lock: the call may tell the connection that it came by, which at this moment may pass a call on to this one.
            if (unsendable is not null) call.Fail(unsendable);
            else if (call.IsOneWay) call.PassedOn();
            else call.SentAs(this, id);
            break;
        }

        return true;
    }

    public void SendCancel(long id) => Send(FrameKind.Cancel, id, static (ref WireWriter writer, long id) => writer.WriteRawVarint((ulong)id));

    public void SendMoved(GrainId grain, SiloAddress silo) => Send(FrameKind.Moved, (grain, silo), static (ref WireWriter writer, (GrainId Grain, SiloAddress Silo) moved) =>
    {
        GrainIdCodec.WriteRaw(ref writer, moved.Grain);
        writer.WriteRawString(moved.Silo.ToParsableString());
    });

    /// <summary>Asks the peer for no more requests; completes when it has agreed, or the connection has ended. A peer that does not answer is cut off: it must not keep the others waiting.
    /// As frames keep their order, it has then read all that was sent to it before, so asked once more at the end it says that it has its answers.</summary>
    public async Task DrainPeerAsync()
    {
        Task drained;
        lock (_gate)
        {
            if (_isClosed) return;
            _drained = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            drained = _drained.Task;
        }

        SendEmpty(FrameKind.Draining);
        try
        {
            await drained.WaitAsync(FarewellLimit, _time);
        }
        catch (TimeoutException)
        {
            Close(new TimeoutException($"it did not answer a farewell within {FarewellLimit.TotalSeconds:0} s."));
        }
    }

    /// <summary>Answers a request.</summary>
    /// <exception cref="Orleans.Serialization.SerializerException">The body cannot be written; nothing was sent.</exception>
    public void SendAnswer<TState>(long id, AnswerStatus status, TState state, WriteBody<TState> write)
    {
        Send(FrameKind.Answer, (id, status, state, write), static (ref WireWriter writer, (long Id, AnswerStatus Status, TState State, WriteBody<TState> Write) answer) =>
        {
            writer.WriteRawVarint((ulong)answer.Id);
            writer.WriteRawByte((byte)answer.Status);
            answer.Write(ref writer, answer.State);
        });
        Answered(id);
    }

    /// <summary>Answers a request with an answer that came from elsewhere.</summary>
    public void SendAnswer(long id, AnswerStatus status, ReadOnlySequence<byte> body) => SendAnswer(id, status, body, static (ref WireWriter writer, ReadOnlySequence<byte> bytes) =>
    {
        foreach (var part in bytes) writer.WriteRaw(part.Span);
    });

    /// <summary>A request will not be answered any more, or has been.</summary>
    public void Answered(long id)
    {
        lock (_gate)
        {
            if (_received.Remove(id, out var call)) _receivedBytes -= call.Size;
            if (_received.Count == 0) _idle?.TrySetResult();
        }
    }

    /// <summary>Nobody waits for the answer any more.</summary>
    public void Forget(long id)
    {
        lock (_gate) _sent.Remove(id);
    }

    /// <summary>Accepts a request; false when the peer has too many unanswered, or too large ones.</summary>
    /// <exception cref="InvalidDataException">Its number is taken.</exception>
    public bool TryReceive(long id, RelayedCall call)
    {
        lock (_gate)
        {
            if (_isClosed || _received.Count >= MostRequests || (_receivedBytes + call.Size > MostRequestBytes && _received.Count > 0)) return false;
            if (!_received.TryAdd(id, call)) throw new InvalidDataException($"A second request of the number {id} came before the first one was answered.");
            _receivedBytes += call.Size;
            return true;
        }
    }

    /// <summary>Completes when all requests that came are answered and all that was written is sent.</summary>
    public async Task DrainAsync(CancellationToken token)
    {
        Task idle;
        lock (_gate)
        {
            idle = _received.Count == 0 || _isClosed ? Task.CompletedTask : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }

        await idle.WaitAsync(token);
        await FlushedAsync().WaitAsync(token);
    }

    /// <summary>Ends the connection at once; calls without an answer fail.</summary>
    public void Close(Exception? error = null)
    {
        List<Call> lost;
        lock (_gate)
        {
            if (_isClosed) return;
            _isClosed = true;
            lost = [.. _sent.Values];
            _sent.Clear();
            _received.Clear();
            _space?.TrySetResult();
            _idle?.TrySetResult();
            _drained?.TrySetResult();
        }

        _pipe.Input.CancelPendingRead();
        _pipe.Output.CancelPendingFlush();
        foreach (var call in lost) call.Fail(new SiloUnavailableException($"The connection to {Peer} ended before {call} was answered. Whether it ran is not known."));
        if (error is not null) LogClosed(Peer, _pipe, error.Message);
        _owner.OnClosed(this);
    }

    /// <summary>Reads until the connection ends.</summary>
    public async Task ReadAsync()
    {
        Exception? error = null;
        try
        {
            while (!IsClosed)
            {
                var read = await _pipe.Input.ReadAsync();

                // A cancelled read alone is no end: the time limit of a greeting that came just in time may have cancelled this one.
                if (IsClosed) break;
                var buffer = read.Buffer;
                while (TryReadFrame(ref buffer, _mostFrameBytes, out var frame)) Handle(frame);
                _pipe.Input.AdvanceTo(buffer.Start, buffer.End);
                if (read.IsCompleted) break;
            }
        }
        catch (Exception exception)
        {
            error = exception;
        }

        Close(error is IOException ? null : error);
        await FlushedAsync();
        await _pipe.Input.CompleteAsync(error);
        await _pipe.Output.CompleteAsync(error);
        _closed.TrySetResult();
    }

    /// <summary>Cuts one frame off the input.</summary>
    /// <exception cref="InvalidDataException">The frame is larger than is allowed, or empty.</exception>
    public static bool TryReadFrame(ref ReadOnlySequence<byte> buffer, int most, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (buffer.Length < FrameBuffer.LengthSize) return false;
        Span<byte> bytes = stackalloc byte[FrameBuffer.LengthSize];
        buffer.Slice(0, FrameBuffer.LengthSize).CopyTo(bytes);
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length <= 0 || length > most) throw new InvalidDataException($"A frame of {length} bytes was announced; 1 to {most} are allowed.");
        if (buffer.Length < FrameBuffer.LengthSize + (long)length) return false;
        frame = buffer.Slice(FrameBuffer.LengthSize, length);
        buffer = buffer.Slice(frame.End);
        return true;
    }

    /// <summary>The writer: it never fails, and tells when it has nothing left.</summary>
    void IThreadPoolWorkItem.Execute() => _ = FlushAsync(isGuest: false);

    private (long Id, Exception? Unsendable, bool IsMine) SendUnderLock(Call call)
    {
        var id = ++_lastId;
        _filling.BeginFrame();
        try
        {
            var writer = new WireWriter(_filling);
            writer.WriteRawByte((byte)FrameKind.Request);
            writer.WriteRawVarint((ulong)id);
            call.WriteRequest(ref writer);
            writer.Flush();
        }
        catch (Exception unwritable)
        {
            _filling.AbandonFrame();
            return (id, unwritable, false);
        }

        var length = _filling.EndFrame(_mostFrameBytes);
        if (length > _mostFrameBytes) return (id, TooLarge(length, call.ToString()), false);
        if (!call.IsOneWay) _sent.Add(id, call);
        return (id, null, WakeUnderLock());
    }

    private void Send<TState>(FrameKind kind, TState state, WriteBody<TState> write)
    {
        bool hasRoom;
        bool isMine;
        lock (_gate)
        {
            if (_isClosed) return;
            hasRoom = _filling.Length < MostUnsent;
            isMine = hasRoom && SendUnderLock(kind, state, write);
        }

        if (isMine) _ = FlushAsync(isGuest: true);
        if (hasRoom) return;

        // Not under the lock: the calls that fail with the connection may want to pass that on to other connections.
        Close(new InvalidOperationException($"it leaves {MostUnsent >> 20} MB unread."));
    }

    private bool SendUnderLock<TState>(FrameKind kind, TState state, WriteBody<TState> write)
    {
        _filling.BeginFrame();
        try
        {
            var writer = new WireWriter(_filling);
            writer.WriteRawByte((byte)kind);
            write(ref writer, state);
            writer.Flush();
        }
        catch
        {
            _filling.AbandonFrame();
            throw;
        }

        var length = _filling.EndFrame(_mostFrameBytes);
        if (length > _mostFrameBytes) throw TooLarge(length, "The answer");
        return WakeUnderLock();
    }

    private void SendEmpty(FrameKind kind) => Send(kind, 0, static (ref WireWriter _, int _) => { });

    private OrleansException TooLarge(int length, string what) =>
        new($"{what} takes {length} bytes, which is more than the {_mostFrameBytes} that a message may have. Send less at once or raise {nameof(Orleans.Configuration.MessagingOptions.MaxMessageBodySize)}.");

    /// <summary>
    /// Starts the writer if it rests. True when the caller is to be the writer, once it has left the lock: with a single call under way there is
    /// nothing to gather, and handing it to another thread would be most of its price.
    /// </summary>
    private bool WakeUnderLock()
    {
        if (_isFlushing) return false;
        _isFlushing = true;
        if (_sent.Count + _received.Count <= 1) return true;
        QueueWriter();
        return false;
    }

    private void QueueWriter() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    /// <param name="isGuest">The thread is a sender's, maybe in a grain's turn: it writes what there is now, and leaves what comes meanwhile to another one.</param>
    private async Task FlushAsync(bool isGuest)
    {
        try
        {
            for (var batch = 0; ; batch++)
            {
                lock (_gate)
                {
                    if (_filling.Length == 0 || _isClosed) break;
                    if (isGuest && batch > 0)
                    {
                        QueueWriter();
                        return;
                    }

                    (_filling, _flushing) = (_flushing, _filling);
                    _space?.TrySetResult();
                    _space = null;
                }

                for (var rest = _flushing.Written; rest.Length > 0 && !IsClosed;)
                {
                    var piece = rest[..Math.Min(rest.Length, PieceSize)];
                    rest = rest[piece.Length..];
                    var writing = _pipe.Output.WriteAsync(piece);
                    var flushed = writing.IsCompleted ? await writing : await WaitAsync(writing.AsTask()).ConfigureAwait(false);
                    if (flushed.IsCompleted) throw new IOException("The peer has closed the connection.");
                }

                _flushing.Clear();
            }
        }
        catch (Exception exception)
        {
            Close(exception is IOException ? null : exception);
        }

        lock (_gate)
        {
            _isFlushing = false;
            _flushed?.TrySetResult();
            _flushed = null;
            if (_filling.Length == 0 || _isClosed) return;
            _isFlushing = true;
            QueueWriter();
        }
    }

    /// <summary>Waits for a peer that is behind; when it does not move at all, ends the connection.</summary>
    private async Task<FlushResult> WaitAsync(Task<FlushResult> writing)
    {
        try
        {
            return await writing.WaitAsync(StallLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Close(new TimeoutException($"it has not read for {StallLimit.TotalSeconds:0} s."));
        }

        // Closing has cancelled it. Until it is over, the buffer is in use.
        return await writing.ConfigureAwait(false);
    }

    /// <summary>Completes when the writer has nothing left.</summary>
    private Task FlushedAsync()
    {
        lock (_gate) return _isFlushing ? (_flushed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task : Task.CompletedTask;
    }

    private void Handle(ReadOnlySequence<byte> frame)
    {
        var reader = new WireReader(frame);
        switch ((FrameKind)reader.ReadRawByte())
        {
            case FrameKind.Request:
                var id = (long)reader.ReadRawVarint();
                _owner.OnRequest(this, id, reader.ReadRaw(reader.Remaining));
                break;
            case FrameKind.Answer:
                var answered = (long)reader.ReadRawVarint();
                var status = (AnswerStatus)reader.ReadRawByte();
                Call? call;
                lock (_gate) _sent.Remove(answered, out call);
                call?.Complete(status, frame.Slice(frame.Length - reader.Remaining));
                break;
            case FrameKind.Cancel:
                RelayedCall? cancelled;
                var cancelledId = (long)reader.ReadRawVarint();
                lock (_gate) _received.TryGetValue(cancelledId, out cancelled);
                cancelled?.Cancel();
                break;
            case FrameKind.Moved:
                var grain = GrainIdCodec.ReadRaw(ref reader);
                _owner.OnMoved(this, grain, SiloAddress.FromParsableString(reader.ReadRawString()));
                break;
            case FrameKind.Draining:
                lock (_gate) IsDraining = true;
                SendEmpty(FrameKind.Drained);
                _owner.OnDraining(this);
                break;
            case FrameKind.Drained:
                lock (_gate) _drained?.TrySetResult();
                break;
            case var unknown:
                throw new InvalidDataException($"A frame of the unknown kind {(byte)unknown} came.");
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The connection to {Peer} at {Address} was closed: {Reason}")]
    private partial void LogClosed(Peer peer, IDuplexPipe address, string reason);
}
