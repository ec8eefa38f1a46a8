using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansCache.Engine.References;

namespace OrleansCache.Engine.Messaging;

/// <summary>Makes calls of what references are asked to do.</summary>
internal sealed partial class CallSender(CallTimeouts timeouts, MessagingOptions options, ILogger<CallSender> logger)
{
    private ICallRouter? _router;

    public CallTimeouts Timeouts => timeouts;

    public TimeSpan ResponseTimeout => options.ResponseTimeout;

    public bool CancelsOnTimeout => options.CancelRequestOnTimeout;

    public bool WaitsForCancellation => options.WaitForCancellationAcknowledgement;

    /// <summary>The router itself makes references, so it comes last.</summary>
    public void Bind(ICallRouter router) => _router = router;

    public TimeSpan Remaining(Call call) => timeouts.Remaining(call.Deadline);

    public Task<TResult> Call<TArgs, TResult>(MethodShape<TArgs, TResult> method, GrainId target, TArgs args, CancellationToken token)
    {
        if (token.IsCancellationRequested) return Task.FromException<TResult>(new OperationCanceledException(token));
        var router = _router ?? throw new InvalidOperationException("The host is not started. Start it before the first call.");
        var call = new OutgoingCall<TArgs, TResult>(this, method, target, method.Args.Copy(args), token) { Deadline = timeouts.DeadlineIn(method.Timeout ?? options.ResponseTimeout) };
        if (method.IsOneWay) call.Release();
        else timeouts.Add(call);
        if (call.Answer.IsCompleted && !method.IsOneWay) return call.Answer;
        router.Route(call);
        if (call.IsCancellable) call.ObserveToken();
        return call.Answer;
    }

    public void ReportLost(Call call, Exception exception)
    {
        // An answer that comes after its time-out is no loss; only calls that nobody waits for are.
        LogLost(call.Name, call.Target, exception);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The one-way call {Method} of {Target} failed")]
    private partial void LogLost(string method, GrainId target, Exception exception);
}
