using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace OrleansCache.Client;

/// <summary>
/// Looks many keys up in few messages:
/// 1. the keys of one region go in one message, or in several when they are very many, a few at a time;
/// 2. a region that does not answer is followed by the next one;
/// 3. a key without an answer that may be given is left out, for the caller to look it up by itself.
/// </summary>
internal sealed class BatchReader(
    IBookGrains grains,
    RegionMap regions,
    RegionHealthMap healthMap,
    LookupAdmission admission,
    ClientSession session,
    IOptions<CacheClientOptions> clientOptions,
    TimeProvider time)
{
    /// <summary>The most keys of one message.</summary>
    public const int KeysPerMessage = 1_000;

    private const int MessagesAtATime = 4;

    // So many keys have the soft timeout of one lookup.
    private const int KeysPerBudget = 250;

    private readonly CacheClientOptions _options = clientOptions.Value;

    /// <summary>Looks keys up.</summary>
    /// <param name="keys">The keys, each once.</param>
    /// <param name="options">What is asked of each lookup.</param>
    /// <param name="cancellation">Cancels the lookups.</param>
    /// <returns>The results of those that were answered.</returns>
    public async Task<ConcurrentDictionary<string, LookupResult>> ReadAsync(
        IEnumerable<CacheKey> keys, GetOptions options, CancellationToken cancellation)
    {
        var results = new ConcurrentDictionary<string, LookupResult>();
        var messages = keys
            .GroupBy(key => options.Region ?? regions.PickFor(key))
            .SelectMany(region => region.Chunk(KeysPerMessage).Select(chunk => (Order: regions.OrderFrom(region.Key), Keys: chunk)));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MessagesAtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(messages, parallel, async (message, stop) =>
        {
            var deadline = new LookupDeadline(_options, time);
            await admission.EnterAsync(message.Keys[0].Text, deadline, stop).ConfigureAwait(false);
            bool? wasSlow = null;
            try
            {
                wasSlow = await AskAsync(message.Order, message.Keys, options, results, deadline, stop).ConfigureAwait(false);
            }
            finally
            {
                admission.Leave(wasSlow);
            }
        }).ConfigureAwait(false);
        return results;
    }

    /// <returns>Whether it took as long as attempts that time out.</returns>
    private async Task<bool> AskAsync(
        IReadOnlyList<string> order,
        CacheKey[] keys,
        GetOptions options,
        ConcurrentDictionary<string, LookupResult> results,
        LookupDeadline deadline,
        CancellationToken cancellation)
    {
        var (fresh, atLeast) = (options.Fresh, options.AtLeast ?? 0);
        var budget = _options.AttemptBudget * (1 + (keys.Length / KeysPerBudget));
        var failed = new List<FailedAttempt>();
        var hasTimedOut = false;
        foreach (var region in order.OrderBy(region => healthMap.Of(region).ShouldDeprioritize).ToArray())
        {
            var remaining = deadline.Remaining;
            if (remaining <= TimeSpan.Zero)
                break;
            var timeout = budget < remaining ? budget : remaining;
            var observed = Array.ConvertAll(keys, session.Observe);
            var attempted = time.GetTimestamp();
            try
            {
                var answers = await AttemptAsync(region, keys, options, timeout, cancellation).ConfigureAwait(false);
                for (var i = 0; i < keys.Length; i++)
                {
                    if (answers[i] is { } answer && (answer.Flags is LookupFlags.None || !options.RequireCoherent)
                        && session.TryAccept(keys[i], observed[i], answer, fresh, atLeast) is not null)
                        results[keys[i].Text] = new(answer, deadline.Elapsed, failed);
                }

                // A single timeout may be due to a lost region, and says nothing about the others.
                return failed.Count > 1 && hasTimedOut;
            }
            catch (Exception error) when (
                error is not InvalidKeyException and not InvalidPayloadException && !cancellation.IsCancellationRequested)
            {
                hasTimedOut |= error is TimeoutException;
                var reason = error is TimeoutException ? $"no answer within {timeout.TotalMilliseconds:N0} ms" : error.Message.TrimEnd('.');
                failed.Add(new(region, AttemptPlan.DirectoryBypass, reason, time.GetElapsedTime(attempted)));
            }
        }

        return hasTimedOut;
    }

    private async Task<LookupAnswer?[]> AttemptAsync(
        string region, CacheKey[] keys, GetOptions options, TimeSpan timeout, CancellationToken cancellation)
    {
        var health = healthMap.Of(region);
        if (!health.TryBegin())
            throw new RegionUnavailableException($"{RegionHealth.MostUnanswered:N0} lookups there have no answer yet");
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var wanted = new LookupOptions(options.Fresh, options.RequireCoherent, session.Client, options.AtLeast ?? 0);
        var call = grains.LookupAsync(region, Array.ConvertAll(keys, key => key.Text), wanted, giveUp.Token);
        health.EndWith(call);
        try
        {
            return await call.WaitAsync(timeout, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            health.NoteTimeout(timeout);
            throw;
        }
    }
}
