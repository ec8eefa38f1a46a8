using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.Client;

/// <summary>
/// Spares a client the attempts at a region that cannot be reached. One error costs no time, but thousands in a second, as when a region is lost
/// under load and each lookup tries it several times, keep a processor busy that whoever still answers has to do without. So:
/// 1. enough errors of the engine in a row, with no answer between them, open the circuit;
/// 2. while it is open an attempt fails without a message, but for one after each pause;
/// 3. the first answer closes it.
/// Silence says nothing here; see <see cref="RegionTrust"/>. This is the circuit breaker of M. Nygard, "Release It!", 2007.
/// </summary>
internal sealed class RegionCircuit(TimeSpan attemptBudget, TimeProvider time)
{
    /// <summary>How many errors in a row open it. Where one of two silos is lost half of the answers are errors, and so many in a row are rare.</summary>
    public const int ErrorsToOpen = 16;

    private readonly TimeSpan _pause = attemptBudget / 3;
    private readonly Lock _gate = new();
    private int _errors;
    private long _lastPassed;
    private string _lastError = "";

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

            reason = $"not asked, as the last {ErrorsToOpen} attempts failed: {_lastError}";
            return false;
        }
    }

    /// <summary>Notes that an attempt was answered.</summary>
    public void NoteAnswer()
    {
        if (Volatile.Read(ref _errors) == 0)
            return;
        lock (_gate)
            _errors = 0;
    }

    /// <summary>Notes that an attempt could not be made, or that its message was lost.</summary>
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
