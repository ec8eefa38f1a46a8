using Orleans.Concurrency;

namespace OrleansCache.Engine.Tests.Filters;

/// <summary>A grain whose calls are filtered on their way.</summary>
[Alias("OrleansCache.Engine.Tests.IPostGrain")]
public interface IPostGrain : IGrainWithStringKey
{
    /// <summary>Notes the letter and answers it.</summary>
    [Alias("Send")]
    Task<string> Send(string letter);

    /// <summary>The same for those who do not wait long.</summary>
    [ResponseTimeout("00:00:01")]
    [Alias("SendBriefly")]
    Task<string> SendBriefly(string letter, CancellationToken cancellationToken);

    /// <summary>Notes the letter and answers a number.</summary>
    [Alias("Weigh")]
    ValueTask<int> Weigh(string letter);

    /// <summary>Notes the letter and answers nothing.</summary>
    [Alias("Deliver")]
    Task Deliver(string letter);

    /// <summary>Notes the letter and fails.</summary>
    [Alias("Fail")]
    Task<string> Fail(string letter);

    /// <summary>Notes the letter; nobody waits.</summary>
    [OneWay]
    [Alias("Throw")]
    Task Throw(string letter);

    /// <summary>Has another grain answer the letter.</summary>
    [Alias("Forward")]
    Task<string> Forward(string other, string letter);

    /// <summary>Gives the grain's own list of letters.</summary>
    [Alias("Letters")]
    Task<List<string>> Letters();
}
