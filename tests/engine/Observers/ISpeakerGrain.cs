namespace OrleansCache.Engine.Tests.Observers;

/// <summary>A grain that knows listeners.</summary>
[Alias("OrleansCache.Engine.Tests.ISpeakerGrain")]
public interface ISpeakerGrain : IGrainWithStringKey
{
    /// <summary>Remembers a listener.</summary>
    [Alias("Add")]
    Task Add(IListener listener);

    /// <summary>Forgets a listener; says whether it was known.</summary>
    [Alias("Remove")]
    Task<bool> Remove(IListener listener);

    /// <summary>Asks every listener and returns the answers.</summary>
    [Alias("AskAll")]
    Task<List<string>> AskAll(string question);

    /// <summary>Asks the first one in vain.</summary>
    [Alias("AskInVain")]
    Task AskInVain(string question);

    /// <summary>Asks the first one with little patience; says which error came of it.</summary>
    [Alias("AskBriefly")]
    Task<string> AskBriefly(string question);

    /// <summary>Tells everybody.</summary>
    [Alias("TellAll")]
    Task TellAll(string news);
}
