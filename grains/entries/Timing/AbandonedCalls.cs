namespace OrleansCache.Timing;

/// <summary>Calls whose callers may stop waiting for them.</summary>
internal static class AbandonedCalls
{
    /// <summary>Waits for a call, or until that is cancelled; then the call ends by itself, and its error is observed here.</summary>
    public static async Task<T> OrCancelledAsync<T>(this Task<T> call, CancellationToken cancellation)
    {
        try
        {
            return await call.WaitAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            call.ObserveError();
        }
    }

    /// <summary>Observes the error of a call that nobody waits for any more.</summary>
    public static void ObserveError(this Task call)
    {
        if (call.IsCompleted)
            _ = call.Exception;
        else
        {
            _ = call.ContinueWith(
                static ended => ended.Exception,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }
    }
}
