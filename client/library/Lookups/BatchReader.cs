using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Orleans.Runtime;
using OrleansCache.Timing;

namespace OrleansCache.Client;

/// <summary>
/// Looks many keys up in few messages:
/// 1. the keys of one region go in one message, or in several when they are very many, a few at a time;
/// 2. a region that fails, or is silent while the retry budget allows another message, is followed by the next one (as in
///    <see cref="Lookup"/>);
/// 3. a key without an answer that may be given is left out, for the caller to look it up by itself.
/// </summary>
internal sealed class BatchReader(
    IBookGrains grains,
    RegionMap map,
    RegionStates regions,
    RetryBudget retries,
    LookupAdmission admission,
    ClientSession session,
    IOptions<CacheClientOptions> clientOptions,
    TimeProvider time)
{
    private const int MessagesAtATime = 4;

    // So many keys have the slack of one lookup.
    private const int KeysPerSlack = 250;

    private readonly CacheClientOptions _options = clientOptions.Value;

    /// <summary>Looks keys up.</summary>
    /// <param name="keys">The keys, each once.</param>
    /// <param name="options">What is asked of each lookup.</param>
    /// <param name="cancellation">Cancels the lookups.</param>
    /// <returns>The results of those that were answered.</returns>
    /// <exception cref="LookupRefusedException">There is no permit for a message.</exception>
    public async Task<ConcurrentDictionary<string, LookupResult>> ReadAsync(
        IEnumerable<CacheKey> keys, GetOptions options, CancellationToken cancellation)
    {
        var results = new ConcurrentDictionary<string, LookupResult>();
        var messages = keys
            .GroupBy(key => options.Region ?? map.PickFor(key))
            .SelectMany(region => region.Chunk(MessageLimits.Keys).Select(chunk => (Order: map.OrderFrom(region.Key), Keys: chunk)));
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = MessagesAtATime, CancellationToken = cancellation };
        await Parallel.ForEachAsync(messages, parallel, async (message, stop) =>
        {
            var deadline = new LookupDeadline(time, time.GetTimestamp(), TimeSpan.Zero, _options.Deadline);
            var distance = regions.Of(message.Order[0]).Distance;
            if (await admission.EnterAsync(message.Keys[0].Text, distance, deadline, stop).ConfigureAwait(false) is { } refusal)
                throw new LookupRefusedException(refusal);
            var isAnswered = false;
            try
            {
                retries.NoteLookup();
                isAnswered = await AskAsync(message.Order, message.Keys, options, results, deadline, stop).ConfigureAwait(false);
            }
            finally
            {
                admission.Leave(distance, isAnswered ? LookupEnd.Answered : LookupEnd.Other);
            }
        }).ConfigureAwait(false);
        return results;
    }

    private async Task<bool> AskAsync(
        IReadOnlyList<string> order,
        CacheKey[] keys,
        GetOptions options,
        ConcurrentDictionary<string, LookupResult> results,
        LookupDeadline deadline,
        CancellationToken cancellation)
    {
        var (fresh, atLeast) = (options.Fresh, options.AtLeast ?? 0);
        var failed = new List<FailedAttempt>();
        foreach (var region in regions.InOrder(order, static region => region))
        {
            if (deadline.Remaining <= TimeSpan.Zero)
                break;
            var observed = Array.ConvertAll(keys, session.Observe);
            var attempted = time.GetTimestamp();
            try
            {
                var answers = await AttemptAsync(region, keys, options, deadline, cancellation).ConfigureAwait(false);
                for (var i = 0; i < keys.Length; i++)
                {
                    if (answers[i] is { } answer && (answer.Flags is LookupFlags.None || !options.RequireCoherent)
                        && session.TryAccept(keys[i], observed[i], answer, fresh, atLeast) is not null)
                        results[keys[i].Text] = new(answer, deadline.Elapsed, failed);
                }

                return true;
            }
            catch (Exception error) when (
                error is not InvalidKeyException and not InvalidPayloadException && !cancellation.IsCancellationRequested)
            {
                var elapsed = time.GetElapsedTime(attempted);
                var reason = error is TimeoutException ? $"no answer within {elapsed.TotalMilliseconds:N0} ms" : error.Message.TrimEnd('.');
                failed.Add(new(region, AttemptPlan.AnySilo, reason, elapsed));
            }
        }

        return false;
    }

    /// <exception cref="TimeoutException">The region is silent, and another one may be asked.</exception>
    private async Task<LookupAnswer?[]> AttemptAsync(
        string region, CacheKey[] keys, GetOptions options, LookupDeadline deadline, CancellationToken cancellation)
    {
        var state = regions.Of(region);
        if (!state.TryPass(out var reason))
            throw new RegionUnavailableException(reason);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var wanted = new LookupOptions(options.Fresh, options.RequireCoherent, session.Client, options.AtLeast ?? 0, session.Released);
        var call = grains.LookupAsync(region, Array.ConvertAll(keys, key => key.Text), wanted, giveUp.Token);
        call.ObserveError();
        var patience = state.Distance.Patience + (_options.AttemptBudget * (keys.Length / KeysPerSlack));
        try
        {
            if (!await EndsWithinAsync(call, patience, deadline, cancellation).ConfigureAwait(false))
            {
                state.NoteSilence(patience);
                while (deadline.Remaining > TimeSpan.Zero && !retries.TryTake()
                    && !await EndsWithinAsync(call, patience, deadline, cancellation).ConfigureAwait(false))
                {
                    // It goes on waiting.
                }
            }

            if (!call.IsCompleted)
                throw new TimeoutException();
            var answers = await call.ConfigureAwait(false);
            state.NoteAnswer();
            return answers;
        }
        catch (Exception error) when (error is OrleansException or RegionUnavailableException)
        {
            state.NoteError(error is OrleansException ? error.GetType().Name : error.Message.TrimEnd('.'));
            throw;
        }
        catch (CacheException)
        {
            state.NoteAnswer();
            throw;
        }
        finally
        {
            if (!call.IsCompleted)
                await giveUp.CancelAsync().ConfigureAwait(false);
        }
    }

    private async Task<bool> EndsWithinAsync(Task call, TimeSpan wait, LookupDeadline deadline, CancellationToken cancellation)
    {
        var limit = wait < deadline.Remaining ? wait : deadline.Remaining;
        await call.WaitAsync(limit, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();
        return call.IsCompleted;
    }
}
