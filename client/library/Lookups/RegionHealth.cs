namespace OrleansCache.Client;

/// <summary>
/// What attempts at one region have lately come to, so that a region that does not answer is waited for once and not by every lookup:
/// 1. a few attempts without an answer, one soon after the other, put the region in doubt;
/// 2. a region in doubt is asked as before, but the next place is asked beside it after a tenth of an attempt's budget;
/// 3. only so many attempts at a time begin with a region in doubt, the other lookups leave it for last;
/// 4. doubt ends by itself, a while after the last attempt without an answer. As attempts go on, that is soon after the region
///    answers again, and the answers count meanwhile too;
/// 5. an answer that comes late says that the region is slow and not lost: doubt ends at once, and for a while each attempt has twice its budget
///    before the next place is asked, because asking twice is what makes a slow cluster slower.
/// An error is an answer here, as it costs no time; many of them are the matter of <see cref="RegionCircuit"/>. Nothing is known of single silos: which
/// of them holds a book is decided in the cluster, so where one of two is lost, half of the answers come at once and half from the book's second silo
/// after the short wait.
/// </summary>
internal sealed class RegionHealth(TimeSpan attemptBudget, TimeProvider time)
{
    /// <summary>How many attempts without an answer make a doubt.</summary>
    public const int SilencesToDoubt = 3;

    /// <summary>How many attempts at a region in doubt may begin while none of them has ended.</summary>
    public const int MostWhileInDoubt = 64;

    /// <summary>How many calls of a region may be unanswered, those that nobody waits for any more among them.</summary>
    public const int MostUnanswered = 4_096;

    /// <summary>How long a silence is remembered.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromSeconds(2);

    // By rank. Where a book's first silo is out of reach its second one may not be, nor where both are the way around them.
    private readonly RegionCircuit[] _circuits = [.. Enumerable.Range(0, AttemptPlan.Ranks).Select(_ => new RegionCircuit(attemptBudget, time))];
    private readonly Lock _gate = new();
    private int _unanswered;
    private int _silences;
    private long _lastSilence;
    private long? _lastLate;
    private volatile bool _doubted;
    private volatile bool _slow;

    /// <summary>How many calls have not been answered yet.</summary>
    public int Unanswered => Volatile.Read(ref _unanswered);

    /// <summary>Whether the region has lately left attempts without an answer.</summary>
    public bool IsDoubted
    {
        get
        {
            // The usual case takes no lock and reads no clock.
            if (!_doubted)
                return false;
            lock (_gate)
            {
                if (_doubted && time.GetElapsedTime(_lastSilence) >= Memory)
                    (_doubted, _silences) = (false, 0);
                return _doubted;
            }
        }
    }

    /// <summary>How long an attempt may be silent before the next place is asked beside it.</summary>
    public TimeSpan Budget
    {
        get
        {
            // The usual case takes no lock and reads no clock.
            if (!_slow)
                return attemptBudget;
            lock (_gate)
            {
                _slow = IsSlow(time.GetTimestamp());
                return _slow ? 2 * attemptBudget : attemptBudget;
            }
        }
    }

    /// <summary>Whether a lookup should ask the others first.</summary>
    public bool ShouldDeprioritize => IsDoubted && Unanswered >= MostWhileInDoubt;

    /// <summary>How long the region is waited for before the next place is asked beside it.</summary>
    public TimeSpan HedgeDelay => IsDoubted ? attemptBudget / 10 : attemptBudget;

    /// <summary>What is known of the region's grains of a rank.</summary>
    public RegionCircuit CircuitOf(int rank) => _circuits[rank];

    /// <summary>Notes that a call begins; false when there are too many unanswered ones already, and it must not.</summary>
    public bool TryBegin()
    {
        if (Interlocked.Increment(ref _unanswered) <= MostUnanswered)
            return true;
        Interlocked.Decrement(ref _unanswered);
        return false;
    }

    /// <summary>Notes that a call that had begun has ended, in whatever way.</summary>
    public void End() => Interlocked.Decrement(ref _unanswered);

    /// <summary>Notes an answer that came within its attempt's budget. Where that is twice the usual one, it may have been a late one otherwise.</summary>
    /// <param name="asked">When it was asked, as a timestamp.</param>
    public void NoteAnswer(long asked)
    {
        // The usual case takes no lock and reads no clock.
        if (_slow && time.GetElapsedTime(asked) >= attemptBudget)
            NoteLate();
    }

    /// <summary>Notes an answer that came after its attempt's budget.</summary>
    public void NoteLate()
    {
        lock (_gate)
        {
            _lastLate = time.GetTimestamp();
            (_slow, _doubted, _silences) = (true, false, 0);
        }
    }

    /// <summary>Notes that an attempt had no answer within its budget; false when that says nothing, because it was less than an attempt's whole budget.</summary>
    public bool NoteSilence(TimeSpan budget)
    {
        if (budget < attemptBudget)
            return false;
        lock (_gate)
        {
            var now = time.GetTimestamp();
            if (IsSlow(now) && budget < 2 * attemptBudget)
                return true;
            if (_silences > 0 && time.GetElapsedTime(_lastSilence, now) >= Memory)
                _silences = 0;
            _lastSilence = now;
            _silences = Math.Min(_silences + 1, SilencesToDoubt);
            _doubted = _silences >= SilencesToDoubt;
        }

        return true;
    }

    private bool IsSlow(long now) => _lastLate is { } late && time.GetElapsedTime(late, now) < Memory;
}
