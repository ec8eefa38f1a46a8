using Polly;
using Polly.Retry;

namespace OrleansCache.Configuration;

/// <summary>Retries, at a silo's start, what fails because a server that it needs has not started yet.</summary>
internal static class StartRetry
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    /// <param name="attempt">What is tried.</param>
    /// <param name="isTransient">Whether a failure may pass with time.</param>
    /// <param name="onRetry">Called before each pause with the failure.</param>
    /// <param name="patience">After this time a failure is final.</param>
    /// <param name="cancellation">Cancels attempts and pauses.</param>
    public static async Task RunAsync(
        Func<CancellationToken, Task> attempt,
        Func<Exception, bool> isTransient,
        Action<Exception> onRetry,
        TimeSpan patience,
        CancellationToken cancellation)
    {
        var started = TimeProvider.System.GetTimestamp();
        var pipeline = new ResiliencePipelineBuilder().AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = failed => new(
                failed.Outcome.Exception is { } error && isTransient(error) && TimeProvider.System.GetElapsedTime(started) < patience),
            MaxRetryAttempts = int.MaxValue,
            BackoffType = DelayBackoffType.Exponential,
            Delay = FirstPause,
            MaxDelay = LongestPause,
            OnRetry = failed =>
            {
                onRetry(failed.Outcome.Exception!);
                return default;
            },
        }).Build();
        await pipeline.ExecuteAsync(async token => await attempt(token).ConfigureAwait(false), cancellation).ConfigureAwait(false);
    }
}
