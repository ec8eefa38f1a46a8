using OrleansCache.Timing;

namespace OrleansCache.Lookups;

/// <summary>
/// Sheds load before the silo thrashes. A silo that has more loads in flight than it can complete answers all of them late, when their
/// callers have given up; so beyond a limit further loads are refused, at the cost of an empty answer. Hits in memory, which cost next to
/// nothing, are never refused, and a lookup that joins a load in flight adds none.
/// </summary>
/// <remarks>The limit follows from Little's law (J. Little, 1961): loads in flight = loads per second × time per load.</remarks>
internal sealed class LoadAdmission(ProcessLag lag)
{
    /// <summary>
    /// The most loads in flight: with a second per load, which is as long as callers wait at most, 4,096 per second, more than one silo
    /// completes.
    /// </summary>
    public const int Most = 4_096;

    /// <summary>
    /// The most while the silo itself is late: enough to use all processors, and few enough to be on time again soon.
    /// </summary>
    public const int MostWhileLate = 256;

    /// <summary>The lag from which the silo counts as late; a garbage collection or a busy moment is shorter.</summary>
    public static readonly TimeSpan Late = TimeSpan.FromMilliseconds(500);

    private int _inFlight;

    /// <summary>The loads in flight.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Whether a load may begin; <see cref="Leave"/> must follow.</summary>
    public bool TryEnter()
    {
        var inFlight = Interlocked.Increment(ref _inFlight);
        // The lag is read only when it may matter.
        if (inFlight <= MostWhileLate || (inFlight <= Most && lag.Current < Late))
            return true;
        Interlocked.Decrement(ref _inFlight);
        return false;
    }

    /// <summary>Ends a load.</summary>
    public void Leave() => Interlocked.Decrement(ref _inFlight);
}
