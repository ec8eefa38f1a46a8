using System.Buffers;
using OrleansCache.Engine.References;
using OrleansCache.Engine.Serialization;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Messaging;

/// <summary>A request on its way: made here by a reference, or received from a connection.</summary>
internal abstract class Call(GrainId target)
{
    private volatile ICallHost? _host;
    private CancellationTokenSource? _cancellation;
    private volatile bool _isCancelled;
    private volatile Connection? _sentBy;
    private long _sentId;

    public GrainId Target { get; } = target;

    /// <summary>The moment, by the host's clock, at which nobody waits for the answer any more.</summary>
    public long Deadline { get; init; }

    public abstract bool IsOneWay { get; }

    public abstract bool IsAlwaysInterleave { get; }

    public abstract string Name { get; }

    /// <summary>The interface that is called, if this host knows it.</summary>
    public virtual Type? Interface => null;

    /// <summary>Whether a token goes with the request.</summary>
    public abstract bool IsCancellable { get; }

    /// <summary>Whether the call counts as use of the grain, which keeps it from being collected.</summary>
    public virtual bool IsUse => true;

    /// <summary>Whether the call makes sense for this activation only.</summary>
    public virtual bool IsLocal => false;

    /// <summary>How many silos passed the request on.</summary>
    public int Hops { get; set; }

    /// <summary>A director chose the silo that gets the request, which is to activate the grain if nobody has it.</summary>
    public bool IsPlaced { get; set; }

    /// <summary>The next call of the mailbox that this one waits in.</summary>
    public Call? Next { get; set; }

    public CallTimeouts.Entry Timeout;

    public abstract bool IsDone { get; }

    public bool IsCancelled => _isCancelled;

    /// <summary>What the callee's token parameter gets.</summary>
    public CancellationToken Token => _cancellation?.Token ?? CancellationToken.None;

    /// <summary>Starts running the call, on the host's turn. Never fails.</summary>
    public Task StartAsync(ICallHost host, object target)
    {
        if (IsCancellable)
        {
            _cancellation = new CancellationTokenSource();
            _host = host;

            // Whoever cancels writes first and then looks for the host, so one of the two sees the other.
            Interlocked.MemoryBarrier();
            if (_isCancelled) _cancellation.Cancel();
        }

        return RunAsync(host, target);
    }

    /// <summary>Tells the callee, wherever it is, that the caller has cancelled. A call that was not started will not be.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        Interlocked.MemoryBarrier();
        if (_host is { } host) host.Post(_cancellation!.Cancel);
        else if (_sentBy is { } connection) connection.SendCancel(_sentId);
    }

    /// <summary>The request has gone out by a connection, under this number. What came to an end meanwhile is told to it.</summary>
    public void SentAs(Connection connection, long id)
    {
        // The connection last: whoever sees it sees the number.
        _sentId = id;
        _sentBy = connection;
        Interlocked.MemoryBarrier();
        if (_isCancelled) connection.SendCancel(id);
        if (IsDone) connection.Forget(id);
    }

    /// <summary>Writes the request as it travels: the method and the arguments.</summary>
    public abstract void WriteRequest(ref WireWriter writer);

    /// <summary>A call that is not answered has been passed on.</summary>
    public virtual void PassedOn()
    {
    }

    /// <summary>The answer has come.</summary>
    public abstract void Complete(AnswerStatus status, ReadOnlySequence<byte> body);

    /// <summary>No answer will come, or this is it.</summary>
    public abstract void Fail(Exception exception);

    /// <summary>The deadline has passed.</summary>
    public abstract void TimeOut();

    /// <summary>Nobody waits for the answer any more, so the connection need not remember the call.</summary>
    protected void ForgetSent() => _sentBy?.Forget(_sentId);

    protected abstract Task RunAsync(ICallHost host, object target);

    public override string ToString() => $"{Name} of {Target}";
}
