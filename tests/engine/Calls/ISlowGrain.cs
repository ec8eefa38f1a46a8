using Orleans.Concurrency;

namespace OrleansCache.Engine.Tests.Calls;

/// <summary>A grain whose calls do not end by themselves.</summary>
[Alias("OrleansCache.Engine.Tests.ISlowGrain")]
public interface ISlowGrain : IGrainWithStringKey
{
    /// <summary>Waits at the gate of this grain's key; the method has a timeout of its own.</summary>
    [ResponseTimeout("00:00:01")]
    [Alias("WaitOneSecond")]
    Task WaitOneSecond();

    /// <summary>Waits at the gate for as long as the configured timeout lets it.</summary>
    [Alias("Wait")]
    Task Wait();

    /// <summary>The same from another grain: a silo's timeout counts.</summary>
    [Alias("WaitFor")]
    Task<string> WaitFor(string other);

    /// <summary>Calls the next of these grains, and that one the next, and the last the first.</summary>
    [ResponseTimeout("00:00:02")]
    [Alias("Cycle")]
    Task Cycle(string[] keys, int next);

    /// <summary>Begins to wait and returns nothing to wait for.</summary>
    [OneWay]
    [Alias("WaitOneWay")]
    Task WaitOneWay();

    /// <summary>Fails where nobody hears it.</summary>
    [OneWay]
    [Alias("FailOneWay")]
    Task FailOneWay();

    /// <summary>Has another grain fail where nobody hears it.</summary>
    [Alias("FailOther")]
    Task FailOther(string other);

    /// <summary>Answers when its turn comes.</summary>
    [Alias("Answers")]
    Task<bool> Answers();
}
