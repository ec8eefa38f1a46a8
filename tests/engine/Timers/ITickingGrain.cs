using Orleans.Concurrency;

namespace OrleansCache.Engine.Tests.Timers;

/// <summary>A grain with timers. Each tick is noted on the stage under the timer's name.</summary>
[Alias("OrleansCache.Engine.Tests.ITickingGrain")]
public interface ITickingGrain : IGrainWithStringKey
{
    /// <summary>Starts a timer that notes each of its ticks.</summary>
    [Alias("Start")]
    Task Start(string name, TimeSpan due, TimeSpan period, bool interleave);

    /// <summary>Starts a timer whose first tick waits at the gate of its name, and notes when its token is cancelled.</summary>
    [Alias("StartBlocked")]
    Task StartBlocked(string name);

    /// <summary>Starts a timer that throws at its first tick.</summary>
    [Alias("StartFaulty")]
    Task StartFaulty(string name, TimeSpan period);

    /// <summary>Gives the timer other times.</summary>
    [Alias("Change")]
    Task Change(string name, TimeSpan due, TimeSpan period);

    /// <summary>Disposes the timer.</summary>
    [Alias("Stop")]
    Task Stop(string name);

    /// <summary>Waits at the gate of this grain's key.</summary>
    [Alias("Wait")]
    Task Wait();

    /// <summary>An ordinary call.</summary>
    [Alias("Poke")]
    Task Poke();

    /// <summary>Leaves.</summary>
    [Alias("Leave")]
    Task Leave();
}
