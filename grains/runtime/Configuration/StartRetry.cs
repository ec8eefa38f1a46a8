using Polly;
using Polly.Retry;

namespace OrleansCache.Configuration;

/// <summary>Tries again, at a silo's start, what fails because something that it needs has not come up yet.</summary>
internal static class StartRetry
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    /// <param name="attempt">What is tried.</param>
    /// <param name="mayPass">Whether a failure may pass with time.</param>
    /// <param name="waiting">Called before each pause with what has failed.</param>
    /// <param name="patience">After this long a failure is final.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task RunAsync(
        Func<CancellationToken, Task> attempt,
        Func<Exception, bool> mayPass,
        Action<Exception> waiting,
        TimeSpan patience,
        CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var pipeline = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = failed => new(failed.Outcome.Exception is { } error && mayPass(error) && TimeProvider.System.GetElapsedTime(started) < patience),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = FirstPause,
            MaxDelay = LongestPause,
            OnRetry = failed =>
            {
                waiting(failed.Outcome.Exception!);
                return default;
            },
        }).Build();
        await pipeline.ExecuteAsync(async token => await attempt(token).ConfigureAwait(false), cancellation).ConfigureAwait(false);
    }
}
