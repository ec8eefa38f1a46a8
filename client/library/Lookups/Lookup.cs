using System.Collections.Immutable;

namespace OrleansCache.Client;

/// <summary>
/// One lookup on its way through its plan:
/// 1. each attempt of the plan gets the budget of one attempt, and no more than is left until the deadline;
/// 2. when the plan is through and time is left, every region is asked once more, now beside each other: the book's grain, since
///    what was slow may answer now and loads that the first round started have gone on, and a detour past the grains, since
///    those may be out of reach while the region's silos are not. The first answer counts;
/// 3. what says that the lookup itself is wrong ends it at once, anything else leads to the next attempt.
/// </summary>
internal sealed class Lookup(
    string key,
    ImmutableArray<BookGrainKey> plan,
    LookupOptions options,
    BookCacheOptions settings,
    IBookGrains grains,
    TimeProvider time)
{
    // Between the regions of the last round: an answer from near is worth a moment, and seldom more are asked than needed.
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(50);

    private readonly long _started = time.GetTimestamp();
    private readonly Lock _gate = new();
    private List<FailedAttempt>? _failed;

    private TimeSpan Elapsed => time.GetElapsedTime(_started);

    private TimeSpan Left => settings.Deadline - Elapsed;

    public async ValueTask<LookupResult> RunAsync(CancellationToken cancellation)
    {
        foreach (var grain in plan)
        {
            var left = Left;
            if (left <= TimeSpan.Zero)
                break;
            var budget = settings.AttemptBudget < left ? settings.AttemptBudget : left;
            if (await AskAsync(grain, budget, cancellation).ConfigureAwait(false) is { } answer)
                return Result(answer);
        }

        await PauseAsync(cancellation).ConfigureAwait(false);
        if (Left > TimeSpan.Zero && await AskAllAsync(cancellation).ConfigureAwait(false) is { } late)
            return Result(late);
        throw new LookupFailedException(
            $"The lookup of \"{key}\" failed after {Elapsed.TotalMilliseconds:N0} ms; nobody answered: {string.Join("; ", _failed ?? [])}.");
    }

    private async Task<LookupAnswer?> AskAllAsync(CancellationToken cancellation)
    {
        using var decided = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asked = new List<Task<LookupAnswer?>>();
        try
        {
            foreach (var grain in plan.Where(grain => grain.Rank == 1))
            {
                var left = Left;
                if (left <= TimeSpan.Zero)
                    break;
                asked.Add(AskAsync(grain, left, decided.Token).AsTask());
                asked.Add(AskAsync(grain with { Rank = AttemptPlan.Detour }, left, decided.Token).AsTask());
                if (await FirstAnswerAsync(asked, Stagger, cancellation).ConfigureAwait(false) is { } early)
                    return early;
            }

            return await FirstAnswerAsync(asked, Timeout.InfiniteTimeSpan, cancellation).ConfigureAwait(false);
        }
        finally
        {
            await decided.CancelAsync().ConfigureAwait(false);
            foreach (var rest in asked)
                Abandon(rest);
        }
    }

    /// <summary>The first answer of several attempts, or null when all have failed or it takes longer.</summary>
    private async Task<LookupAnswer?> FirstAnswerAsync(IEnumerable<Task<LookupAnswer?>> asked, TimeSpan longest, CancellationToken cancellation)
    {
        var open = asked.ToList();
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var limit = Task.Delay(longest, time, enough.Token);
        try
        {
            while (open.Count > 0)
            {
                var ended = await Task.WhenAny(open.Append<Task>(limit)).ConfigureAwait(false);
                cancellation.ThrowIfCancellationRequested();
                if (ended == limit)
                    return null;
                if (await ((Task<LookupAnswer?>)ended).ConfigureAwait(false) is { } answer)
                    return answer;
                open.Remove((Task<LookupAnswer?>)ended);
            }

            return null;
        }
        finally
        {
            await enough.CancelAsync().ConfigureAwait(false);
        }
    }

    private async ValueTask<LookupAnswer?> AskAsync(BookGrainKey grain, TimeSpan budget, CancellationToken cancellation)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asked = time.GetTimestamp();
        string reason;
        var call = grains.LookupAsync(grain, options, giveUp.Token).AsTask();
        try
        {
            var answer = await call.WaitAsync(budget, time, cancellation).ConfigureAwait(false);
            if (answer.Flags == LookupFlags.None || !options.RefuseFlagged)
                return answer;
            reason = $"its answer is flagged {answer.Flags}, which was refused";
        }
        catch (Exception error) when (error is InvalidBookKeyException or UnknownRegionException || cancellation.IsCancellationRequested)
        {
            // Not left to the link between the two sources, which may be cut before it has passed the word on.
            await giveUp.CancelAsync().ConfigureAwait(false);
            Abandon(call);
            cancellation.ThrowIfCancellationRequested();
            throw;
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            Abandon(call);
            reason = $"no answer within {budget.TotalMilliseconds:N0} ms";
        }
        catch (BookCacheException error)
        {
            reason = error.Message.TrimEnd('.');
        }
        catch (Exception error)
        {
            reason = $"{error.GetType().Name}: {error.Message.TrimEnd('.')}";
        }

        lock (_gate)
            (_failed ??= []).Add(new(grain.Region, grain.Rank, reason, time.GetElapsedTime(asked)));
        return null;
    }

    /// <summary>A cluster in which everything fails at once is given a moment, instead of the same questions again.</summary>
    private async Task PauseAsync(CancellationToken cancellation)
    {
        var pause = settings.AttemptBudget - Elapsed;
        if (pause > TimeSpan.Zero && pause < Left)
            await Task.Delay(pause, time, cancellation).ConfigureAwait(false);
    }

    private LookupResult Result(LookupAnswer answer)
    {
        // Attempts of the last round that are still under way must not change what the caller has.
        IReadOnlyList<FailedAttempt> failed;
        lock (_gate)
            failed = _failed is null ? [] : [.. _failed];
        return Result(answer, failed);
    }

    private LookupResult Result(LookupAnswer answer, IReadOnlyList<FailedAttempt> failed) => new()
    {
        Key = key,
        Book = answer.Copy is { } copy ? BookPayload.Decode(copy.Payload) : null,
        Version = answer.Copy?.Identity.Version ?? 0,
        Tier = answer.Tier,
        Region = answer.Region,
        Node = answer.Node,
        Age = answer.Age,
        TimeToLive = answer.TimeToLive,
        Flags = answer.Flags,
        Elapsed = Elapsed,
        FailedAttempts = failed,
    };

    /// <summary>Nobody waits for the call any more, so its error, if it ends in one, is looked at here.</summary>
    private static void Abandon(Task call) => call.ContinueWith(
        static ended => _ = ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}
