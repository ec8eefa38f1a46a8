namespace OrleansCache.Engine.Tests.Filters;

/// <summary>A grain that filters its own calls.</summary>
[Alias("OrleansCache.Engine.Tests.ICensorGrain")]
public interface ICensorGrain : IGrainWithStringKey
{
    /// <summary>Says what it was told.</summary>
    [Alias("Say")]
    Task<string> Say(string word);
}
