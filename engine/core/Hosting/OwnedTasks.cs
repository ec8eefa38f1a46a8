using Microsoft.Extensions.Logging;

namespace OrleansCache.Engine.Hosting;

/// <summary>Work that goes on beside its caller: counted, its errors logged, and waited for at the end.</summary>
internal sealed partial class OwnedTasks(ILogger<OwnedTasks> logger)
{
    private readonly Lock _gate = new();
    private int _running;
    private TaskCompletionSource? _idle;

    /// <summary>Runs work on the thread pool. Nothing of the caller's context flows into it.</summary>
    public void Run(Func<Task> work)
    {
        Interlocked.Increment(ref _running);
        ThreadPool.UnsafeQueueUserWorkItem(static item => _ = item.Self.RunAsync(item.Work), (Self: this, Work: work), preferLocal: false);
    }

    /// <summary>Completes when nothing is under way.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate)
        {
            var idle = _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (Volatile.Read(ref _running) == 0) SignalIdle();
            return idle.Task;
        }
    }

    private async Task RunAsync(Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            LogFailed(exception);
        }
        finally
        {
            if (Interlocked.Decrement(ref _running) == 0) SignalIdle();
        }
    }

    private void SignalIdle()
    {
        lock (_gate)
        {
            _idle?.TrySetResult();
            _idle = null;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Work in the background failed")]
    private partial void LogFailed(Exception exception);
}
