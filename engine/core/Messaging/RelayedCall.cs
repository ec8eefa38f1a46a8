using System.Buffers;
using OrleansCache.Engine.References;
using OrleansCache.Engine.Serialization;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Messaging;

/// <summary>A request received from a connection. It is run here, or passed on as it is; the answer goes back the same way.</summary>
internal sealed class RelayedCall : Call
{
    private readonly Connection _origin;
    private readonly long _id;
    private readonly RequestHeader _header;
    private readonly WireSerializer _serializer;
    private readonly CallTimeouts _timeouts;
    private byte[]? _buffer;
    private int _length;
    private int _isDone;

    public RelayedCall(Connection origin, long id, RequestHeader header, MethodShape? method, ReadOnlySpan<byte> payload, long deadline, WireSerializer serializer, CallTimeouts timeouts)
        : base(header.Target)
    {
        (_origin, _id, _header, Method, _serializer, _timeouts) = (origin, id, header, method, serializer, timeouts);
        _buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        Size = _length = payload.Length;
        payload.CopyTo(_buffer);
        Deadline = deadline;
        Hops = header.Hops;
        IsPlaced = header.IsPlaced;
    }

    /// <summary>The method as this host knows it; null when only the silo that the request goes to does.</summary>
    public MethodShape? Method { get; }

    public Connection Origin => _origin;

    /// <summary>The bytes of its arguments.</summary>
    public int Size { get; }

    public override bool IsOneWay => _header.IsOneWay;

    public override bool IsAlwaysInterleave => Method?.IsAlwaysInterleave ?? false;

    public override string Name => Method?.FullName ?? $"method {_header.MethodId:x8} of interface {_header.InterfaceId:x8}";

    public override Type? Interface => Method?.Interface;

    public override bool IsCancellable => _header.IsCancellable;

    public override bool IsDone => Volatile.Read(ref _isDone) != 0;

    /// <summary>The arguments as they came.</summary>
    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(0, _length);

    public override void WriteRequest(ref WireWriter writer)
    {
        RequestHeader.Write(ref writer, this, _header.InterfaceId, _header.MethodId, _timeouts.Remaining(Deadline));
        writer.WriteRaw(Payload);
    }

    public override void PassedOn()
    {
        if (!TryFinish()) return;
        _origin.Answered(_id);
        ReleaseBuffer();
    }

    public override void Complete(AnswerStatus status, ReadOnlySequence<byte> body)
    {
        if (!TryFinish()) return;
        ReleaseBuffer();
        try
        {
            _origin.SendAnswer(_id, status, body);
        }
        catch (OrleansException unsendable)
        {
            SendFailure(unsendable);
        }
    }

    /// <summary>Answers with a result made here.</summary>
    public void Answer<TState>(TState state, WriteBody<TState> write)
    {
        if (!TryFinish()) return;
        ReleaseBuffer();
        if (IsOneWay)
        {
            _origin.Answered(_id);
            return;
        }

        try
        {
            _origin.SendAnswer(_id, AnswerStatus.Result, state, write);
        }
        catch (Exception unwritable)
        {
            SendFailure(unwritable);
        }
    }

    public override void Fail(Exception exception)
    {
        // The callee may still be reading the arguments, so the buffer is left to the garbage collector here.
        if (!TryFinish()) return;
        SendFailure(exception);
    }

    public override void TimeOut()
    {
        // The caller has given up by itself; nobody is told.
        ForgetSent();
        if (TryFinish()) _origin.Answered(_id);
    }

    protected override Task RunAsync(ICallHost host, object target)
    {
        if (Method is not null) return Method.RunAsync(this, host, target);
        Fail(new OrleansMessageRejectionException($"{target.GetType()} has no {Name}. Caller and silo were built from different versions of the interface."));
        host.Finished(this);
        return Task.CompletedTask;
    }

    private void SendFailure(Exception exception)
    {
        if (IsOneWay)
        {
            _origin.Answered(_id);
            return;
        }

        try
        {
            SendException(exception);
        }
        catch (Exception unsendable)
        {
            // The caller must not wait in vain, nor the connection count the request as one that is under way.
            SendException(new OrleansException($"{this} ended with a {exception.GetType()} that could not be sent: {unsendable.Message}"));
        }
    }

    private void SendException(Exception exception) =>
        _origin.SendAnswer(_id, AnswerStatus.Exception, (_serializer, exception), static (ref WireWriter writer, (WireSerializer Serializer, Exception Exception) failure) => failure.Serializer.WriteException(ref writer, failure.Exception));

    private bool TryFinish()
    {
        if (Interlocked.Exchange(ref _isDone, 1) != 0) return false;
        _timeouts.Remove(this);
        return true;
    }

    private void ReleaseBuffer()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) ArrayPool<byte>.Shared.Return(buffer);
        _length = 0;
    }
}
