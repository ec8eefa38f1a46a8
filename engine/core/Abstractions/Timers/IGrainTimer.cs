namespace Orleans.Runtime;

/// <summary>A timer whose ticks are turns of a grain.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Changes when the timer ticks.</summary>
    /// <param name="dueTime">Time to the next tick; infinite: none.</param>
    /// <param name="period">Time from the end of a tick to the next; infinite: only one.</param>
    void Change(TimeSpan dueTime, TimeSpan period);
}
