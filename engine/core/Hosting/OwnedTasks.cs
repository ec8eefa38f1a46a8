using Microsoft.Extensions.Logging;

namespace OrleansCache.Engine.Hosting;

/// <summary>Work that goes on beside its caller: counted, its errors logged, and waited for at the end.</summary>
internal sealed partial class OwnedTasks(ILogger<OwnedTasks> logger)
{
    private readonly Lock _gate = new();
    private int _running;
    private TaskCompletionSource? _idle;

    /// <summary>Runs work on the thread pool.</summary>
    public void Run(Func<Task> work)
    {
        lock (_gate) _running++;
        _ = Task.Run(() => RunAsync(work));
    }

    /// <summary>Takes the responsibility for work that has begun.</summary>
    public void Observe(Task task)
    {
        if (task.IsCompletedSuccessfully) return;
        lock (_gate) _running++;
        _ = RunAsync(() => task);
    }

    /// <summary>Completes when nothing is under way.</summary>
    public Task WhenIdleAsync()
    {
        lock (_gate) return _running == 0 ? Task.CompletedTask : (_idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
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
            lock (_gate)
            {
                if (--_running == 0)
                {
                    _idle?.TrySetResult();
                    _idle = null;
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Work in the background failed")]
    private partial void LogFailed(Exception exception);
}
