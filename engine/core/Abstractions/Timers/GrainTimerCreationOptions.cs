using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>When a grain timer ticks and how.</summary>
public readonly struct GrainTimerCreationOptions()
{
    /// <summary>Makes options for a timer that takes turns with the grain's requests.</summary>
    /// <param name="dueTime">Time to the first tick.</param>
    /// <param name="period">Time from the end of a tick to the next.</param>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period)
        : this() => (DueTime, Period) = (dueTime, period);

    /// <summary>Time to the first tick; infinite: not before <see cref="IGrainTimer.Change"/>.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>Time from the end of a tick to the next; infinite: only one.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Ticks run between the turns of requests, instead of waiting until the grain has none.</summary>
    public bool Interleave { get; init; }

    /// <summary>Ticks count as use: the grain is not collected while the timer ticks often enough.</summary>
    public bool KeepAlive { get; init; }
}
