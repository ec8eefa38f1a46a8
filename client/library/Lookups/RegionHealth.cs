namespace OrleansCache.Client;

/// <summary>
/// What recent attempts say about one region, so that a region that does not answer is waited for once and not by every lookup:
/// 1. a few timeouts in short succession make the region suspect;
/// 2. a suspect region is asked as before, but the next place is asked after 10% of the soft timeout;
/// 3. only so many attempts at a time begin with a suspect region; the other lookups ask it last;
/// 4. suspicion ends some time after the last timeout. As attempts go on, that is soon after the region answers again, and its answers
///    count in the meantime, too;
/// 5. a late answer says that the region is slow and not lost: suspicion ends at once, and for a while each attempt has twice its soft
///    timeout, because repeated requests make a slow cluster slower. An error counts as an answer here, as it costs no time; see
///    <see cref="RegionCircuit"/>. Nothing is known of single silos, since the cluster decides where a book grain lives: where one of two
///    silos is lost, half of the answers come at once and the others, after the hedge delay, from the second silo.
/// </summary>
internal sealed class RegionHealth(TimeSpan attemptBudget, TimeProvider time)
{
    /// <summary>The timeouts that make a region suspect.</summary>
    public const int TimeoutsToSuspect = 3;

    /// <summary>The calls of a suspect region in flight from which on lookups ask it last.</summary>
    public const int MostWhileSuspect = 64;

    /// <summary>The most calls of a region in flight, abandoned ones included.</summary>
    public const int MostUnanswered = 4_096;

    // One for each rank: where the first silo of a key cannot be reached, the second may be, or any other.
    private readonly RegionCircuit[] _circuits =
        [.. Enumerable.Range(0, AttemptPlan.Ranks).Select(_ => new RegionCircuit(attemptBudget, time))];

    private readonly Lock _gate = new();
    private int _unanswered;
    private int _timeouts;
    private long _lastTimeout;
    private long? _lastLate;
    private volatile bool _isSuspect;
    private volatile bool _isSlow;

    /// <summary>The calls in flight.</summary>
    public int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Whether attempts at the region have recently timed out.</summary>
    public bool IsSuspect
    {
        get
        {
            // In the usual case no lock is taken and no clock read.
            if (!_isSuspect)
                return false;
            lock (_gate)
            {
                if (_isSuspect && time.GetElapsedTime(_lastTimeout) >= LookupTimeouts.SilenceMemory)
                    (_isSuspect, _timeouts) = (false, 0);
                return _isSuspect;
            }
        }
    }

    /// <summary>The soft timeout of an attempt.</summary>
    public TimeSpan Budget
    {
        get
        {
            // In the usual case no lock is taken and no clock read.
            if (!_isSlow)
                return attemptBudget;
            lock (_gate)
            {
                _isSlow = IsSlow(time.GetTimestamp());
                return _isSlow ? 2 * attemptBudget : attemptBudget;
            }
        }
    }

    /// <summary>Whether a lookup should ask other regions first.</summary>
    public bool ShouldDeprioritize => IsSuspect && Unanswered >= MostWhileSuspect;

    /// <summary>The time after which the next place is asked in parallel.</summary>
    public TimeSpan HedgeDelay => IsSuspect ? attemptBudget / 10 : attemptBudget;

    /// <summary>The circuit of the region's grains of a rank.</summary>
    public RegionCircuit CircuitOf(int rank) => _circuits[rank];

    /// <summary>Counts a call that begins; false when too many are in flight, so that it must not.</summary>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _unanswered) <= MostUnanswered)
            return true;
        Interlocked.Decrement(ref _unanswered);
        return false;
    }

    /// <summary>Counts a call that has ended, whatever its outcome.</summary>
    public void End() => Interlocked.Decrement(ref _unanswered);

    /// <summary>Counts a call as ended when it ends, and observes its error, since its caller may have given up.</summary>
    public void EndWith(Task call)
    {
        if (call.IsCompleted)
            EndOf(call);
        else
            _ = call.ContinueWith(EndOf, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

        void EndOf(Task ended)
        {
            _ = ended.Exception;
            End();
        }
    }

    /// <summary>Notes an answer within the soft timeout. While that is doubled, the answer may still be a late one.</summary>
    /// <param name="asked">When it was asked for, as a timestamp.</param>
    public void NoteAnswer(long asked)
    {
        // In the usual case no lock is taken and no clock read.
        if (_isSlow && time.GetElapsedTime(asked) >= attemptBudget)
            NoteLate();
    }

    /// <summary>Notes an answer after the soft timeout.</summary>
    public void NoteLate()
    {
        lock (_gate)
        {
            _lastLate = time.GetTimestamp();
            (_isSlow, _isSuspect, _timeouts) = (true, false, 0);
        }
    }

    /// <summary>Notes a timeout; false when it says nothing, because the attempt had less than the soft timeout.</summary>
    public bool NoteTimeout(TimeSpan budget)
    {
        if (budget < attemptBudget)
            return false;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (IsSlow(now) && budget < 2 * attemptBudget)
                return true;
            if (_timeouts > 0 && time.GetElapsedTime(_lastTimeout, now) >= LookupTimeouts.SilenceMemory)
                _timeouts = 0;
            _lastTimeout = now;
            _timeouts = Math.Min(_timeouts + 1, TimeoutsToSuspect);
            _isSuspect = _timeouts >= TimeoutsToSuspect;
        }

        return true;
    }

    private bool IsSlow(long now) => _lastLate is { } late && time.GetElapsedTime(late, now) < LookupTimeouts.SilenceMemory;
}
