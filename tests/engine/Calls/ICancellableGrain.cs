using Orleans.Concurrency;

namespace OrleansCache.Engine.Tests.Calls;

/// <summary>A grain whose calls can be cancelled.</summary>
[Alias("OrleansCache.Engine.Tests.ICancellableGrain")]
public interface ICancellableGrain : IGrainWithStringKey
{
    /// <summary>Waits at the gate of this grain's key until the token is cancelled, which it notes.</summary>
    [Alias("Wait")]
    Task<string> Wait(string argument, CancellationToken cancellationToken);

    /// <summary>The same by way of another grain.</summary>
    [Alias("WaitAt")]
    Task<string> WaitAt(string other, CancellationToken cancellationToken);

    /// <summary>Whether the token that arrived can be cancelled and has been.</summary>
    [Alias("Look")]
    Task<(bool CanBe, bool Is)> Look(CancellationToken cancellationToken);
}
