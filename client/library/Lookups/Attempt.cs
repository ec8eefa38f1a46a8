namespace OrleansCache.Client;

/// <summary>One question to one book grain, within a budget; <see cref="Outcome"/> never fails.</summary>
internal sealed class Attempt
{
    private readonly TimeSpan _budget;
    private readonly RegionTrust _trust;
    private readonly TimeProvider _time;
    private readonly long _asked;

    private Attempt(BookGrainKey grain, TimeSpan budget, RegionTrust trust, TimeProvider time)
    {
        Grain = grain;
        _budget = budget;
        _trust = trust;
        _time = time;
        _asked = time.GetTimestamp();
        Outcome = null!;
    }

    /// <summary>Who is asked.</summary>
    public BookGrainKey Grain { get; }

    /// <summary>What it comes to; there when the budget has passed at the latest.</summary>
    public Task<AttemptOutcome> Outcome { get; private set; }

    /// <summary>Asks a grain.</summary>
    /// <param name="grains">The grains.</param>
    /// <param name="grain">Which of them.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="budget">How long an answer is waited for.</param>
    /// <param name="trust">What is known of the grain's region.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellation">Gives the attempt up.</param>
    public static Attempt Start(
        IBookGrains grains, BookGrainKey grain, LookupOptions options, TimeSpan budget, RegionTrust trust, TimeProvider time, CancellationToken cancellation)
    {
        var attempt = new Attempt(grain, budget, trust, time);
        attempt.Outcome = attempt.RunAsync(grains, options, cancellation);
        return attempt;
    }

    /// <summary>Whether it has had its while, and the next place was asked beside it.</summary>
    public bool IsOvertaken { get; set; }

    /// <summary>The attempt as a failure although its budget has not passed.</summary>
    public FailedAttempt SoFar() => Failure($"no answer yet after {_time.GetElapsedTime(_asked).TotalMilliseconds:N0} ms");

    private async Task<AttemptOutcome> RunAsync(IBookGrains grains, LookupOptions options, CancellationToken cancellation)
    {
        if (!_trust.TryBegin())
            return Failed($"{RegionTrust.MostUnanswered:N0} lookups there are without an answer already");
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var call = grains.LookupAsync(Grain, options, giveUp.Token).AsTask();
        try
        {
            var answer = await call.WaitAsync(_budget, _time, cancellation).ConfigureAwait(false);
            return answer.Flags == LookupFlags.None || !options.RefuseFlagged
                ? new(answer, null)
                : Failed($"its answer is flagged {answer.Flags}, which was refused", isWord: true);
        }
        catch (Exception error) when (error is InvalidBookKeyException or UnknownRegionException || cancellation.IsCancellationRequested)
        {
            // Not left to the link between the two sources, which may be cut before it has passed the word on.
            await giveUp.CancelAsync().ConfigureAwait(false);
            return new(null, null, error);
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            await giveUp.CancelAsync().ConfigureAwait(false);
            _trust.NoteSilence(_budget);
            return Failed($"no answer within {_budget.TotalMilliseconds:N0} ms");
        }
        catch (BookCacheException error)
        {
            return Failed(error.Message.TrimEnd('.'), isWord: error is not RegionUnavailableException);
        }
        catch (Exception error)
        {
            return Failed($"{error.GetType().Name}: {error.Message.TrimEnd('.')}");
        }
        finally
        {
            if (call.IsCompleted)
                End(call, _trust);
            else
                _ = call.ContinueWith(static (ended, trust) => End(ended, (RegionTrust)trust!), _trust, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private static void End(Task call, RegionTrust trust)
    {
        // Nobody may wait for the call any more, so its error, if it ended in one, is looked at here.
        _ = call.Exception;
        trust.End();
    }

    private AttemptOutcome Failed(string reason, bool isWord = false) => new(null, Failure(reason), IsWord: isWord);

    private FailedAttempt Failure(string reason) => new(Grain.Region, Grain.Rank, reason, _time.GetElapsedTime(_asked));
}
