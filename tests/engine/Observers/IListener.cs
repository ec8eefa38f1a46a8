using Orleans.Concurrency;

namespace OrleansCache.Engine.Tests.Observers;

/// <summary>What a grain tells and asks outside of the grains.</summary>
[Alias("OrleansCache.Engine.Tests.IListener")]
public interface IListener : IGrainObserver
{
    /// <summary>Asks; the answer is awaited.</summary>
    [Alias("Ask")]
    Task<string> Ask(string question);

    /// <summary>Asks something that is answered with an error.</summary>
    [Alias("AskInVain")]
    Task AskInVain(string question);

    /// <summary>Asks with little patience.</summary>
    [ResponseTimeout("00:00:02")]
    [Alias("AskBriefly")]
    Task<string> AskBriefly(string question);

    /// <summary>Tells without waiting.</summary>
    [OneWay]
    [Alias("Tell")]
    Task Tell(string news);
}
