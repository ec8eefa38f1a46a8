using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <summary>
/// Brings edits to their slot's owner:
/// 1. through the home region's client, then through those of the others, again and again until the deadline: repeating an edit with the
///    same id is safe, and the owner of a silo that is gone is soon another one;
/// 2. a region that is not connected, or that says at once that a silo is gone, costs no time;
/// 3. an attempt may take as long as an operation may: an edit waits for readers that cannot be reached, and asking again does not hasten it;
/// 4. when an attempt's outcome is not known, only the answer to a repeat says what became of it, so a refusal of a repeat does not end it.
/// </summary>
internal sealed class Editor(IOwnerGrains owners, RegionMap regions, IOptions<CacheClientOptions> settings, TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Makes edits of one slot.</summary>
    /// <returns>What became of each, in order.</returns>
    public async Task<EditResult[]> EditAsync(int slot, Edit[] edits, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var began = time.GetTimestamp();
        var deadline = settings.Value.EditDeadline;
        var mayBeMade = false;
        Exception? last = null;
        for (var pause = FirstPause; ; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks)))
        {
            foreach (var region in regions.OrderFrom(regions.Home))
            {
                var left = deadline - time.GetElapsedTime(began);
                if (left <= TimeSpan.Zero)
                    throw Failure();
                try
                {
                    return await AttemptAsync(region, slot, edits, left < settings.Value.OperationTimeout ? left : settings.Value.OperationTimeout, cancellation).ConfigureAwait(false);
                }
                catch (RegionUnavailableException error)
                {
                    last ??= error;
                }
                catch (CatalogUnavailableException) when (!mayBeMade)
                {
                    throw;
                }
                catch (Exception error) when (!cancellation.IsCancellationRequested && error is not CacheException or CatalogUnavailableException or OutcomeUnknownException)
                {
                    mayBeMade |= error is not CatalogUnavailableException;
                    last = error;
                }
            }

            var rest = deadline - time.GetElapsedTime(began);
            if (rest <= TimeSpan.Zero)
                throw Failure();
            await Task.Delay(pause < rest ? pause : rest, time, cancellation).ConfigureAwait(false);
        }

        CacheException Failure()
        {
            var why = last is TimeoutException ? "no answer came" : last?.Message.TrimEnd('.') ?? "there was no time to ask";
            var what = edits.Length == 1 ? $"The edit of \"{edits[0].Key}\"" : $"The edits of \"{edits[0].Key}\" and {edits.Length - 1:N0} more books";
            return mayBeMade
                ? new OutcomeUnknownException($"{what} may have been made or not, after {deadline.TotalSeconds:N0} s: {why}. Repeat it with the id {edits[0].Id}{(edits.Length == 1 ? "" : " and so on")}, which is safe, or look the book up.", last)
                : new RegionUnavailableException($"{what} could not be sent to any region within {deadline.TotalSeconds:N0} s: {why}", last);
        }
    }

    private async Task<EditResult[]> AttemptAsync(string region, int slot, Edit[] edits, TimeSpan budget, CancellationToken cancellation)
    {
        var call = owners.EditAsync(region, slot, edits, cancellation);
        try
        {
            return await call.WaitAsync(budget, time, cancellation).ConfigureAwait(false);
        }
        finally
        {
            // A call that is not waited for any more is ended by the engine; its error is looked at, so that nobody misses it.
            if (!call.IsCompleted)
                _ = call.ContinueWith(static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }
}
