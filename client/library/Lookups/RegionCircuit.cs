using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.Client;

/// <summary>
/// Spares a client the attempts at grains of a region that cannot be reached. One error costs no time, but thousands in a second, as when a region
/// is lost under load and each lookup tries it several times, keep a processor busy that whoever still answers has to do without. So:
/// 1. enough errors of the engine in a row, with nothing else between them, open the circuit;
/// 2. while it is open an attempt fails without a message, but for one after each pause;
/// 3. the first one that comes to anything else closes it: an answer, an error of the grain's own, or silence of a whole budget, which is the matter of <see cref="RegionHealth"/>.
/// This is the circuit breaker of M. Nygard, "Release It!", 2007.
/// </summary>
internal sealed class RegionCircuit(TimeSpan attemptBudget, TimeProvider time)
{
    /// <summary>
    /// How many errors in a row open it. Where one of two silos is lost, half of the answers are errors, and so many in a row come only of calls that are lost
    /// together; the next answer of the other half closes it again.
    /// </summary>
    public const int ErrorsToOpen = 16;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private readonly TimeSpan _pause = PauseFor(attemptBudget);
    private readonly Lock _gate = new();
    private int _errors;
    private long _lastPassed;
    private string _lastError = "";

    /// <summary>How long nobody passes after the latest one that did, while it is open: a third of a budget, and not so long that a region that is back is kept waiting.</summary>
    public static TimeSpan PauseFor(TimeSpan attemptBudget) => attemptBudget / 3 < LongestPause ? attemptBudget / 3 : LongestPause;

    /// <summary>Whether an attempt may be made.</summary>
    /// <param name="reason">Why not, with what the latest attempts came to.</param>
    public bool TryPass([NotNullWhen(false)] out string? reason)
    {
        reason = null;
        // The usual case takes no lock and reads no clock.
        if (Volatile.Read(ref _errors) < ErrorsToOpen)
            return true;
        lock (_gate)
        {
            if (_errors < ErrorsToOpen || time.GetElapsedTime(_lastPassed) >= _pause)
            {
                _lastPassed = time.GetTimestamp();
                return true;
            }

            reason = $"not asked, as nothing there could be reached lately: {_lastError}";
            return false;
        }
    }

    /// <summary>Notes that an attempt came to something else than an error of the engine.</summary>
    public void NoteReached()
    {
        if (Volatile.Read(ref _errors) == 0)
            return;
        lock (_gate)
            _errors = 0;
    }

    /// <summary>Notes that an attempt could not be made, or that its message was lost.</summary>
    /// <param name="error">What kind of error it was; nothing that names its lookup, as later ones are told it.</param>
    public void NoteError(string error)
    {
        lock (_gate)
        {
            _lastError = error;
            if (++_errors == ErrorsToOpen)
                _lastPassed = time.GetTimestamp();
        }
    }
}
