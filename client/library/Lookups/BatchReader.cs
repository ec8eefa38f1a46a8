using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <summary>
/// Looks many books up in few messages:
/// 1. those of one region go in one message, or in several when they are very many, a few at a time;
/// 2. a region that does not answer is followed by the next one;
/// 3. what came back without an answer that may be given is left to be looked up by itself.
/// </summary>
internal sealed class BatchReader(
    IBatchGrains grains, RegionMap regions, RegionHealthMap healthMap, LookupAdmission admission, Reader reader, NearCache? near, IOptions<CacheClientOptions> settings, TimeProvider time)
{
    /// <summary>How many keys go in one message.</summary>
    public const int KeysPerMessage = 1_000;

    private const int MessagesAtATime = 4;

    // So many of them may take as long as one lookup.
    private const int KeysPerBudget = 250;

    /// <summary>Looks books up.</summary>
    /// <param name="keys">Their keys, each once.</param>
    /// <param name="options">What is asked of each.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>Those that were answered.</returns>
    public async Task<ConcurrentDictionary<string, LookupResult>> ReadAsync(IEnumerable<string> keys, GetOptions options, CancellationToken cancellation)
    {
        var results = new ConcurrentDictionary<string, LookupResult>();
        var messages = keys
            .GroupBy(key => options.Region ?? regions.PickFor(key))
            .SelectMany(region => region.Chunk(KeysPerMessage).Select(chunk => (Order: regions.OrderFrom(region.Key), Keys: chunk)));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MessagesAtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(messages, parallel, async (message, stop) =>
        {
            var came = time.GetTimestamp();
            await admission.EnterAsync(message.Keys[0], TimeSpan.Zero, stop).ConfigureAwait(false);
            bool? wasSlow = null;
            try
            {
                wasSlow = await AskAsync(message.Order, message.Keys, options, results, time.GetElapsedTime(came), stop).ConfigureAwait(false);
            }
            finally
            {
                admission.Leave(wasSlow);
            }
        }).ConfigureAwait(false);
        return results;
    }

    /// <returns>Whether it took as long as attempts that come to nothing.</returns>
    private async Task<bool> AskAsync(
        IReadOnlyList<string> order, string[] keys, GetOptions options, ConcurrentDictionary<string, LookupResult> results, TimeSpan waited, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var failed = new List<FailedAttempt>();
        var isSilent = false;
        foreach (var region in order.OrderBy(region => healthMap.Of(region).ShouldDeprioritize).ToArray())
        {
            var left = settings.Value.Deadline - waited - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                break;
            var budget = settings.Value.AttemptBudget * (1 + (keys.Length / KeysPerBudget));
            var asked = Array.ConvertAll(keys, reader.Note);
            var attempted = time.GetTimestamp();
            try
            {
                var answers = await AttemptAsync(region, keys, options, budget < left ? budget : left, cancellation).ConfigureAwait(false);
                var elapsed = waited + time.GetElapsedTime(began);
                for (var i = 0; i < keys.Length; i++)
                {
                    if (answers[i] is { } answer && (answer.Flags is LookupFlags.None || !options.RequireCoherent) && reader.TryTake(asked[i], answer, options.Fresh, options.AtLeast ?? 0) is not null)
                        results[keys[i]] = Reader.ResultOf(new(answer, failed), elapsed);
                }

                // One that came to nothing may have been for a region that is lost.
                return failed.Count > 1 && isSilent;
            }
            catch (Exception error) when (error is not InvalidKeyException and not InvalidPayloadException && !cancellation.IsCancellationRequested)
            {
                isSilent |= error is TimeoutException;
                var reason = error is TimeoutException ? $"no answer within {Math.Min(budget.TotalMilliseconds, left.TotalMilliseconds):N0} ms" : error.Message.TrimEnd('.');
                failed.Add(new(region, AttemptPlan.DirectoryBypass, reason, time.GetElapsedTime(attempted)));
            }
        }

        return isSilent;
    }

    private async Task<LookupAnswer?[]> AttemptAsync(string region, string[] keys, GetOptions options, TimeSpan budget, CancellationToken cancellation)
    {
        var health = healthMap.Of(region);
        if (!health.TryBegin())
            throw new RegionUnavailableException($"{RegionHealth.MostUnanswered:N0} lookups there are without an answer already");
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var call = grains.LookupAsync(region, keys, new(options.Fresh, options.RequireCoherent, near?.Client ?? default, options.AtLeast ?? 0), giveUp.Token);
        // However it ends, and whoever waits for it then, it is looked at and counted once.
        _ = call.ContinueWith(
            static (ended, health) =>
            {
                _ = ended.Exception;
                ((RegionHealth)health!).End();
            },
            health, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            return await call.WaitAsync(budget, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            health.NoteSilence(budget);
            throw;
        }
    }
}
