namespace OrleansCache.Engine.Tests.Idle;

/// <summary>A grain that leaves a note under its key, with the reason, when it goes.</summary>
[Alias("OrleansCache.Engine.Tests.ILodgerGrain")]
public interface ILodgerGrain : IGrainWithStringKey
{
    /// <summary>Makes it come, or keeps it busy.</summary>
    [Alias("Touch")]
    Task Touch();

    /// <summary>Asks for time.</summary>
    [Alias("StayFor")]
    Task StayFor(TimeSpan time);

    /// <summary>Starts a timer that ticks every 100 ms.</summary>
    [Alias("Tick")]
    Task Tick(bool keepAlive);

    /// <summary>Waits at the gate of its key.</summary>
    [Alias("Wait")]
    Task Wait();
}
