using Orleans.Concurrency;

namespace OrleansCache.Engine.Tests.Activation;

/// <summary>A grain that comes and goes, and notes on the stage, under its key, why it goes.</summary>
[Alias("OrleansCache.Engine.Tests.IGuestGrain")]
public interface IGuestGrain : IGrainWithStringKey
{
    /// <summary>The activation's id.</summary>
    [Alias("Activation")]
    Task<Guid> Activation();

    /// <summary>Counts this call in the activation, and asks it to leave if told so.</summary>
    [Alias("Visit")]
    Task Visit(bool leave);

    /// <summary>Asks it to leave; its farewell waits at the gate of its key and then fails if told so.</summary>
    [Alias("LeaveSlowly")]
    Task<Guid> LeaveSlowly(bool fail);

    /// <summary>Asks to leave, and goes on with this call until the gate "call" of its key opens.</summary>
    [Alias("LeaveAndWait")]
    Task<Guid> LeaveAndWait();

    /// <summary>Answers at any time.</summary>
    [AlwaysInterleave]
    [Alias("Peek")]
    Task<Guid> Peek();
}
