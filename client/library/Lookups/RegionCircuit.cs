using System.Diagnostics.CodeAnalysis;

namespace OrleansCache.Client;

/// <summary>
/// Circuit breaker for the grains of one region (M. Nygard, "Release It!", 2007). One error costs no time, but thousands per second, as
/// when a region is lost under load and each lookup tries it several times, take processor time from the regions that still answer:
/// 1. enough Orleans errors in a row open the circuit;
/// 2. while it is open attempts fail without a message, except for one trial request after each pause;
/// 3. the first other outcome closes it: an answer, an error of the grain's own, or a timeout, which is for <see cref="RegionHealth"/>.
/// </summary>
internal sealed class RegionCircuit(TimeSpan attemptBudget, TimeProvider time)
{
    /// <summary>
    /// The errors in a row that open it. Where one of two silos is lost, half of the outcomes are errors, and so many in a row come only
    /// from calls that are lost together; the next answer of the other silo closes the circuit.
    /// </summary>
    public const int ErrorsToOpen = 16;

    private readonly TimeSpan _pause = PauseFor(attemptBudget);
    private readonly Lock _gate = new();
    private int _errors;
    private long _lastPassed;
    private string _lastError = "";

    /// <summary>
    /// The pause between two trial requests: a third of the soft timeout, so that a lookup with one soft timeout left has one.
    /// </summary>
    public static TimeSpan PauseFor(TimeSpan attemptBudget) =>
        attemptBudget / 3 < LookupTimeouts.LongestCircuitPause ? attemptBudget / 3 : LookupTimeouts.LongestCircuitPause;

    /// <summary>Whether an attempt may be sent.</summary>
    /// <param name="reason">Why not, with the latest error.</param>
    public bool TryPass([NotNullWhen(false)] out string? reason)
    {
        reason = null;
        // In the usual case no lock is taken and no clock read.
        if (Volatile.Read(ref _errors) < ErrorsToOpen)
            return true;
        lock (_gate)
        {
            if (_errors < ErrorsToOpen || time.GetElapsedTime(_lastPassed) >= _pause)
            {
                _lastPassed = time.GetTimestamp();
                return true;
            }

            reason = $"not asked, because the latest attempts reached nothing there: {_lastError}";
            return false;
        }
    }

    /// <summary>Notes an outcome that is no Orleans error.</summary>
    public void NoteReached()
    {
        if (Volatile.Read(ref _errors) == 0)
            return;
        lock (_gate)
            _errors = 0;
    }

    /// <summary>Notes an attempt that could not be sent, or whose message was lost.</summary>
    /// <param name="error">The kind of error. It must not name its key, because later lookups report it.</param>
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
