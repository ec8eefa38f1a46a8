using Orleans.Runtime;

namespace OrleansCache.Client;

/// <summary>
/// One question to one book grain; <see cref="Outcome"/> never fails. What is not answered within its budget is asked elsewhere too, but it is
/// listened to as long as its lookup goes on: in a cluster that is slow, asking again what is being answered is what makes it slower.
/// </summary>
internal sealed class Attempt
{
    private static readonly TaskCompletionSource LeftBefore = Completed();

    private readonly TimeSpan _budget;
    private readonly TimeSpan _deadline;
    private readonly RegionHealth _health;
    private readonly RegionCircuit _circuit;
    private readonly TimeProvider _time;
    private readonly long _asked;

    // Made by whoever comes first, listening or leaving: most attempts are answered in time and need none.
    private TaskCompletionSource? _left;

    private Attempt(BookGrainKey grain, TimeSpan budget, TimeSpan deadline, RegionHealth health, TimeProvider time)
    {
        Grain = grain;
        _budget = budget;
        _deadline = deadline;
        _health = health;
        _circuit = health.CircuitOf(grain.Rank);
        _time = time;
        _asked = time.GetTimestamp();
        Outcome = null!;
    }

    /// <summary>Who is asked.</summary>
    public BookGrainKey Grain { get; }

    /// <summary>What it comes to; there when its budget has passed at the latest, and, if that was in silence, once more at the deadline at the latest.</summary>
    public Task<AttemptOutcome> Outcome { get; private set; }

    /// <summary>How long ago the grain was asked.</summary>
    public TimeSpan Age => _time.GetElapsedTime(_asked);

    /// <summary>Asks a grain.</summary>
    /// <param name="grains">The grains.</param>
    /// <param name="grain">Which of them.</param>
    /// <param name="options">What is asked.</param>
    /// <param name="budget">How long it may be silent before that is held against its region.</param>
    /// <param name="deadline">How long an answer is waited for; not shorter than the budget.</param>
    /// <param name="health">What is known of the grain's region.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellation">Gives the attempt up.</param>
    public static Attempt Start(
        IBookGrains grains, BookGrainKey grain, LookupOptions options, TimeSpan budget, TimeSpan deadline, RegionHealth health, TimeProvider time, CancellationToken cancellation)
    {
        var attempt = new Attempt(grain, budget, deadline, health, time);
        attempt.Outcome = attempt.RunAsync(grains, options, cancellation);
        return attempt;
    }

    /// <summary>Whether it has had its while, and the next place was asked beside it.</summary>
    public bool IsOvertaken { get; set; }

    /// <summary>Goes on listening when the budget has passed in silence: <see cref="Outcome"/> is what comes late from here on.</summary>
    public void Listen(Task<AttemptOutcome> late) => (Outcome, IsOvertaken) = (late, true);

    /// <summary>The attempt as a failure although it may still be answered.</summary>
    public FailedAttempt SoFar() => Failure($"no answer {(Age < _budget ? "yet after" : "within")} {Age.TotalMilliseconds:N0} ms");

    /// <summary>Says that its lookup does not wait for it any more: it ends when its budget has passed.</summary>
    public void Leave() => (Interlocked.CompareExchange(ref _left, LeftBefore, null) ?? LeftBefore).TrySetResult();

    private async Task<AttemptOutcome> RunAsync(IBookGrains grains, LookupOptions options, CancellationToken cancellation)
    {
        if (!_circuit.TryPass(out var reason))
            return Failed(reason) with { IsSpared = true };
        if (!_health.TryBegin())
            return Failed($"{RegionHealth.MostUnanswered:N0} lookups there are without an answer already");
        var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var call = grains.LookupAsync(Grain, options, giveUp.Token).AsTask();
        var isLate = false;
        try
        {
            var answer = await call.WaitAsync(_budget, _time, cancellation).ConfigureAwait(false);
            _health.NoteAnswer(_asked);
            return OutcomeOf(answer, options);
        }
        catch (TimeoutException) when (!call.IsCompleted)
        {
            if (_health.NoteSilence(_budget))
                _circuit.NoteReached();
            isLate = true;
            return new(null, null, Late: ListenAsync(call, options, giveUp, cancellation));
        }
        catch (Exception error)
        {
            return await OutcomeOfAsync(error, giveUp, cancellation).ConfigureAwait(false);
        }
        finally
        {
            if (!isLate)
                giveUp.Dispose();
            if (call.IsCompleted)
                End(call, _health);
            else
                _ = call.ContinueWith(static (ended, health) => End(ended, (RegionHealth)health!), _health, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    /// <summary>Waits for a late answer, until the deadline or until the lookup is over.</summary>
    private async Task<AttemptOutcome> ListenAsync(Task<LookupAnswer> call, LookupOptions options, CancellationTokenSource giveUp, CancellationToken cancellation)
    {
        using (giveUp)
        {
            try
            {
                var left = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                left = Interlocked.CompareExchange(ref _left, left, null) ?? left;
                var rest = _deadline - Age;
                if (rest > TimeSpan.Zero)
                    await Task.WhenAny(call, left.Task).WaitAsync(rest, _time, cancellation).ConfigureAwait(false);
                if (call.IsCompleted)
                {
                    var late = await call.ConfigureAwait(false);
                    _health.NoteLate();
                    return OutcomeOf(late, options);
                }
            }
            catch (TimeoutException) when (!call.IsCompleted)
            {
                // The deadline.
            }
            catch (Exception error)
            {
                return await OutcomeOfAsync(error, giveUp, cancellation).ConfigureAwait(false);
            }

            await giveUp.CancelAsync().ConfigureAwait(false);
            return Failed($"no answer within {Age.TotalMilliseconds:N0} ms");
        }
    }

    private AttemptOutcome OutcomeOf(LookupAnswer answer, LookupOptions options)
    {
        _circuit.NoteReached();
        return answer.Flags == LookupFlags.None || !options.RequireCoherent
            ? new(answer, null)
            : Failed($"its answer is flagged {answer.Flags}, which was refused", isWord: true);
    }

    private async ValueTask<AttemptOutcome> OutcomeOfAsync(Exception error, CancellationTokenSource giveUp, CancellationToken cancellation)
    {
        var isWord = error is CacheException and not RegionUnavailableException;
        if (isWord)
            _circuit.NoteReached();
        if (error is InvalidKeyException or UnknownRegionException || cancellation.IsCancellationRequested)
        {
            // Not left to the link between the two sources, which may be cut before it has passed the word on.
            await giveUp.CancelAsync().ConfigureAwait(false);
            return new(null, null, error);
        }

        var reason = $"{(error is CacheException ? "" : $"{error.GetType().Name}: ")}{error.Message.TrimEnd('.')}";
        if (error is OrleansException or RegionUnavailableException)
            // The engine's text names the book, which the next lookup has nothing to do with.
            _circuit.NoteError(error is OrleansException ? error.GetType().Name : reason);
        else
            _circuit.NoteReached();
        return Failed(reason, isWord);
    }

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }

    private static void End(Task call, RegionHealth health)
    {
        // Nobody may wait for the call any more, so its error, if it ended in one, is looked at here.
        _ = call.Exception;
        health.End();
    }

    private AttemptOutcome Failed(string reason, bool isWord = false) => new(null, Failure(reason), IsWord: isWord);

    private FailedAttempt Failure(string reason) => new(Grain.Region, Grain.Rank, reason, Age);
}
