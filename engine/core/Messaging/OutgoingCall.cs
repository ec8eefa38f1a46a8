using System.Buffers;
using OrleansCache.Engine.References;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Messaging;

/// <summary>A request made here.</summary>
internal sealed class OutgoingCall<TArgs, TResult>(CallSender sender, MethodShape<TArgs, TResult> method, GrainId target, TArgs args, CancellationToken callersToken) : Call(target)
{
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _registration;

    public Task<TResult> Answer => _answer.Task;

    public override bool IsOneWay => method.IsOneWay;

    public override bool IsAlwaysInterleave => method.IsAlwaysInterleave;

    public override string Name => method.FullName;

    public override Type? Interface => method.Interface;

    public override bool IsCancellable => method.TakesToken && callersToken.CanBeCanceled;

    /// <summary>Nobody waits for a one-way call from the beginning, so its time alone ends it. One whose caller waits to hear that it was cancelled is not done.</summary>
    public override bool IsDone => IsOneWay ? sender.Timeouts.RoughNow >= Deadline : _answer.Task.IsCompleted;

    /// <summary>From now on the caller's token counts.</summary>
    public void ObserveToken()
    {
        var registration = callersToken.UnsafeRegister(static (call, token) => ((OutgoingCall<TArgs, TResult>)call!).OnCancelled(token), this);
        _registration = registration;
        if (_answer.Task.IsCompleted) registration.Dispose();
    }

    /// <summary>A call that is not answered is done for its caller as soon as it is on its way.</summary>
    public void Release() => _answer.TrySetResult(default!);

    public override void WriteRequest(ref WireWriter writer)
    {
        RequestHeader.Write(ref writer, this, method, sender.Remaining(this));
        method.Args.Write(ref writer, args);
    }

    public override void Complete(AnswerStatus status, ReadOnlySequence<byte> body)
    {
        try
        {
            var reader = new WireReader(body);
            if (status == AnswerStatus.Exception) Fail(method.Serializer.ReadException(ref reader));
            else Succeed(method.ReadResult(ref reader));
        }
        catch (Exception unreadable)
        {
            Fail(unreadable);
        }
    }

    public override void Fail(Exception exception)
    {
        sender.Timeouts.Remove(this);
        _registration.Dispose();
        if (!_answer.TrySetException(exception) && IsOneWay) sender.ReportLost(this, exception);
    }

    public override void TimeOut()
    {
        var timeout = method.Timeout ?? sender.ResponseTimeout;
        Fail(new TimeoutException($"No answer to {this} arrived within {timeout}. The grain may be busy, waiting for a call that waits for this one, or gone."));
        if (sender.CancelsOnTimeout) Cancel();
        ForgetSent();
    }

    protected override async Task RunAsync(ICallHost host, object target)
    {
        try
        {
            Succeed(method.CopyResult(await method.InvokeAsync(host, target, args, Token)));
        }
        catch (Exception exception)
        {
            Fail(method.Serializer.CopyException(exception));
        }
        finally
        {
            host.Finished(this);
        }
    }

    private void Succeed(TResult result)
    {
        sender.Timeouts.Remove(this);
        _registration.Dispose();
        _answer.TrySetResult(result);
    }

    private void OnCancelled(CancellationToken token)
    {
        if (!sender.WaitsForCancellation)
        {
            sender.Timeouts.Remove(this);
            if (!_answer.TrySetException(new OperationCanceledException(token))) return;
        }

        Cancel();
        if (!sender.WaitsForCancellation) ForgetSent();
    }
}
