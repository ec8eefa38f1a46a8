using Orleans.Concurrency;

namespace OrleansCache.Engine.Tests.Turns;

/// <summary>What the grains of the turn tests offer, the reentrant one and the others.</summary>
[Alias("OrleansCache.Engine.Tests.ITurnsGrain")]
public interface ITurnsGrain : IGrainWithStringKey
{
    /// <summary>Reads a number, lets others in if they may come, and writes back one more.</summary>
    [Alias("Increment")]
    Task Increment();

    /// <summary>As <see cref="Increment"/>, without an await in between, but after one: only turns protect it.</summary>
    [AlwaysInterleave]
    [Alias("IncrementInOneTurn")]
    Task IncrementInOneTurn();

    /// <summary>The number.</summary>
    [Alias("Count")]
    Task<int> Count();

    /// <summary>Stands before the stage's gate of this grain's key.</summary>
    [Alias("Wait")]
    Task Wait();

    /// <summary>An ordinary call.</summary>
    [Alias("Poke")]
    Task Poke();

    /// <summary>The number of ordinary calls begun so far; may come in between.</summary>
    [AlwaysInterleave]
    [Alias("Pokes")]
    Task<int> Pokes();

    /// <summary>Leaves the activation's scheduler and says whether an await brings it back.</summary>
    [Alias("ComesBack")]
    Task<bool> ComesBack();
}
