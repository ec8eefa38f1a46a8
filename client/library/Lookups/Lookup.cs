using System.Collections.Immutable;

namespace OrleansCache.Client;

/// <summary>
/// One lookup on its way through its plan:
/// 1. each attempt of the plan gets the budget of one attempt, and no more than is left until the deadline;
/// 2. when the plan is through and time is left, it is gone through once more, and the attempts share what is left: what was slow
///    may answer now, and loads that the first round started have gone on;
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
    private const int Rounds = 2;

    private readonly long _started = time.GetTimestamp();
    private List<FailedAttempt>? _failed;

    private TimeSpan Elapsed => time.GetElapsedTime(_started);

    private TimeSpan Left => settings.Deadline - Elapsed;

    public async ValueTask<LookupResult> RunAsync(CancellationToken cancellation)
    {
        for (var round = 1; round <= Rounds; round++)
        {
            if (round > 1)
                await PauseAsync(cancellation).ConfigureAwait(false);
            for (var i = 0; i < plan.Length && Left > TimeSpan.Zero; i++)
            {
                var budget = round == 1 ? settings.AttemptBudget : Left / (plan.Length - i);
                if (await AskAsync(plan[i], budget < Left ? budget : Left, cancellation).ConfigureAwait(false) is { } answer)
                    return Result(answer);
            }
        }

        throw new LookupFailedException(
            $"The lookup of \"{key}\" failed after {Elapsed.TotalMilliseconds:N0} ms; nobody answered: {string.Join("; ", _failed ?? [])}.");
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

    private LookupResult Result(LookupAnswer answer) => new()
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
        FailedAttempts = _failed ?? (IReadOnlyList<FailedAttempt>)[],
    };

    /// <summary>Nobody waits for the call any more, so its error, if it ends in one, is looked at here.</summary>
    private static void Abandon(Task call) => call.ContinueWith(
        static ended => _ = ended.Exception,
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously | TaskContinuationOptions.OnlyOnFaulted,
        TaskScheduler.Default);
}
