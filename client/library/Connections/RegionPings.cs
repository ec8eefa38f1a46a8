using Microsoft.Extensions.Logging;
using OrleansCache.Timing;

namespace OrleansCache.Client;

/// <summary>
/// Pings the gateways of one region: they measure its distance (<see cref="RegionDistance"/>), and tell its state
/// (<see cref="RegionState"/>) that it answers while no lookup asks it.
/// 1. The key of the grain rotates, since it decides which of the region's gateways is used.
/// 2. No ping begins before the last one has ended or was given up. An answer that comes later is still an answer, and a measurement.
/// 3. The first pings follow each other quickly, so that the estimate rests on several when it is used.
/// 4. A region that is silent or lost is pinged faster, since lookups avoid it and only pings notice its return.
/// </summary>
internal sealed partial class RegionPings(RegionState region, string name, TimeProvider time, ILogger logger)
{
    private int _next;

    /// <summary>Pings once, and waits for the answer.</summary>
    /// <param name="grains">The region's client.</param>
    /// <param name="isConnected">Whether lookups may use that client, so that its answer is one of the region.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="ArgumentException">The client knows no grains.</exception>
    /// <exception cref="TimeoutException">No answer within <see cref="ConnectionTimeouts.Ping"/>.</exception>
    public async Task PingAsync(IGrainFactory grains, bool isConnected, CancellationToken cancellation)
    {
        // Few keys are enough to meet several gateways.
        var grain = grains.GetGrain<IHealthGrain>($"ping {_next++ % 8}");
        var asked = time.GetTimestamp();
        var answer = MeasureAsync(grain, isConnected);
        answer.ObserveError();
        var patience = region.Distance.Patience;
        if (patience < ConnectionTimeouts.Ping)
        {
            await answer.WaitAsync(patience, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            if (!answer.IsCompleted)
                region.NoteSilence(patience);
        }

        await answer.WaitAsync(ConnectionTimeouts.Ping, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        if (!answer.IsCompleted)
        {
            throw new TimeoutException(
                $"a gateway accepted the connection, and did not answer a ping within {time.GetElapsedTime(asked).TotalSeconds:N0} s");
        }

        await answer.ConfigureAwait(false);
    }

    /// <summary>Pings until it is cancelled.</summary>
    /// <returns>True when it was cancelled, false when the client knows no grains any more.</returns>
    public async Task<bool> RunAsync(IGrainFactory grains, CancellationToken cancellation)
    {
        for (var count = 1; ; count++)
        {
            var pause = count < Timing.RoundTripEstimator.Samples ? ConnectionTimeouts.FirstPings
                : region.IsLast ? ConnectionTimeouts.FastPings
                : ConnectionTimeouts.Pings;
            try
            {
                await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
                await PingAsync(grains, isConnected: true, cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return true;
            }
            catch (ArgumentException)
            {
                return false;
            }
            catch (TimeoutException)
            {
                // Its silence has been noted.
            }
            catch (Exception error)
            {
                region.NoteError(error.GetType().Name);
                LogFailed(name, error.Message);
            }
        }
    }

    private async Task MeasureAsync(IHealthGrain grain, bool isConnected)
    {
        var began = time.GetTimestamp();
        var health = await grain.CheckAsync().ConfigureAwait(false);
        region.Distance.Note(time.GetElapsedTime(began), health.OwnerRoundTrip);
        if (isConnected)
            region.NoteAnswer();
    }

    [LoggerMessage(1002, LogLevel.Debug, "A ping to region {Region} failed: {Reason}")]
    private partial void LogFailed(string region, string reason);
}
