using Orleans.Runtime;

namespace OrleansCache.Client;

/// <summary>
/// The outcome of an attempt: an answer, a failure that leads to the next attempt, an error that ends the lookup, or a timeout.
/// </summary>
/// <param name="Answer">The answer.</param>
/// <param name="Failed">The failure.</param>
/// <param name="Error">The error.</param>
/// <param name="IsRefusal">Whether a grain answered that it cannot, as when the catalog is unavailable, so that asking again is no
/// use.</param>
/// <param name="IsSkipped">Whether nothing was sent, because a circuit is open (<see cref="RegionCircuit"/>).</param>
/// <param name="Late">After a timeout: the outcome by the deadline.</param>
internal readonly record struct AttemptOutcome(
    LookupAnswer? Answer,
    FailedAttempt? Failed,
    Exception? Error = null,
    bool IsRefusal = false,
    bool IsSkipped = false,
    Task<AttemptOutcome>? Late = null);

/// <summary>
/// One request to one book grain. <see cref="Outcome"/> never fails. A request that times out is not cancelled as long as its lookup runs:
/// in a cluster that is slow, starting over what is nearly done makes it slower.
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

    // Set when the lookup ends. Created only on a timeout or by Leave, whichever is first, as most attempts are answered in time.
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

    /// <summary>The grain that is asked.</summary>
    public BookGrainKey Grain { get; }

    /// <summary>
    /// The outcome. Completes when the soft timeout elapses at the latest; if no response had arrived by then,
    /// <see cref="AttemptOutcome.Late"/> completes by the hard deadline.
    /// </summary>
    public Task<AttemptOutcome> Outcome { get; private set; }

    /// <summary>The time since the grain was asked.</summary>
    public TimeSpan Age => _time.GetElapsedTime(_asked);

    /// <summary>Whether the next place has been asked meanwhile.</summary>
    public bool IsOvertaken { get; set; }

    /// <summary>Asks a grain.</summary>
    /// <param name="grains">The grains.</param>
    /// <param name="grain">The one that is asked.</param>
    /// <param name="options">The wire options.</param>
    /// <param name="budget">The soft timeout, after which the silence counts against the region.</param>
    /// <param name="deadline">The hard timeout; not shorter than the budget.</param>
    /// <param name="health">The health of the grain's region.</param>
    /// <param name="time">The time.</param>
    /// <param name="cancellation">Cancels the request.</param>
    public static Attempt Start(
        IBookGrains grains,
        BookGrainKey grain,
        LookupOptions options,
        TimeSpan budget,
        TimeSpan deadline,
        RegionHealth health,
        TimeProvider time,
        CancellationToken cancellation)
    {
        var attempt = new Attempt(grain, budget, deadline, health, time);
        attempt.Outcome = attempt.RunAsync(grains, options, cancellation);
        return attempt;
    }

    /// <summary>Waits for a late answer after a timeout: <see cref="Outcome"/> is that of the late answer from now on.</summary>
    public void Listen(Task<AttemptOutcome> late) => (Outcome, IsOvertaken) = (late, true);

    /// <summary>The attempt as a failure, although it may still be answered.</summary>
    public FailedAttempt SoFar() => Failure($"no answer {(Age < _budget ? "yet after" : "within")} {Age.TotalMilliseconds:N0} ms");

    /// <summary>Says that its lookup has ended: the request is cancelled when its budget has passed.</summary>
    public void Leave() => (Interlocked.CompareExchange(ref _left, LeftBefore, null) ?? LeftBefore).TrySetResult();

    private async Task<AttemptOutcome> RunAsync(IBookGrains grains, LookupOptions options, CancellationToken cancellation)
    {
        if (!_circuit.TryPass(out var reason))
            return Failed(reason) with { IsSkipped = true };
        if (!_health.TryBegin())
            return Failed($"{RegionHealth.MostUnanswered:N0} lookups there have no answer yet");
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
            if (_health.NoteTimeout(_budget))
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
            _health.EndWith(call);
        }
    }

    /// <summary>Waits for a late answer, until the deadline or the end of the lookup.</summary>
    private async Task<AttemptOutcome> ListenAsync(
        Task<LookupAnswer> call, LookupOptions options, CancellationTokenSource giveUp, CancellationToken cancellation)
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
                // The deadline has passed.
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
            : Failed($"its answer is flagged {answer.Flags}, which was refused", isRefusal: true);
    }

    private async ValueTask<AttemptOutcome> OutcomeOfAsync(Exception error, CancellationTokenSource giveUp, CancellationToken cancellation)
    {
        var isRefusal = error is CacheException and not RegionUnavailableException;
        if (isRefusal)
            _circuit.NoteReached();
        if (error is InvalidKeyException or UnknownRegionException || cancellation.IsCancellationRequested)
        {
            // Cancelled explicitly: the linked source may be disposed before it has passed the cancellation on.
            await giveUp.CancelAsync().ConfigureAwait(false);
            return new(null, null, error);
        }

        var reason = $"{(error is CacheException ? "" : $"{error.GetType().Name}: ")}{error.Message.TrimEnd('.')}";
        if (error is OrleansException or RegionUnavailableException)
            // Only the type of an Orleans error: its text names the key of this lookup, and later lookups report the same reason.
            _circuit.NoteError(error is OrleansException ? error.GetType().Name : reason);
        else
            _circuit.NoteReached();
        return Failed(reason, isRefusal);
    }

    private static TaskCompletionSource Completed()
    {
        var completed = new TaskCompletionSource();
        completed.SetResult();
        return completed;
    }

    private AttemptOutcome Failed(string reason, bool isRefusal = false) => new(null, Failure(reason), IsRefusal: isRefusal);

    private FailedAttempt Failure(string reason) => new(Grain.Region, Grain.Rank, reason, Age);
}
