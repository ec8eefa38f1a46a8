using System.Buffers;
using OrleansCache.Engine.References;
using OrleansCache.Engine.Serialization;
using OrleansCache.Engine.Transport;

namespace OrleansCache.Engine.Messaging;

/// <summary>A request on its way: made here by a reference, or received from a connection.</summary>
internal abstract class Call(GrainId target)
{
    private ICallHost? _host;
    private CancellationTokenSource? _cancellation;
    private volatile bool _isCancelled;

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

    /// <summary>The connection that the request went out by, and its number there.</summary>
    public (Connection Connection, long Id)? SentBy { get; set; }

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
            if (_isCancelled) _cancellation.Cancel();
        }

        return RunAsync(host, target);
    }

    /// <summary>Tells the callee, wherever it is, that the caller has cancelled. A call that was not started will not be.</summary>
    public void Cancel()
    {
        _isCancelled = true;
        if (_host is { } host) host.Post(_cancellation!.Cancel);
        else if (SentBy is var (connection, id)) connection.SendCancel(id);
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

    protected abstract Task RunAsync(ICallHost host, object target);

    public override string ToString() => $"{Name} of {Target}";
}
