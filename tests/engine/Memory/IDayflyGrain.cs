namespace OrleansCache.Engine.Tests.Memory;

/// <summary>An empty grain that is made in great numbers.</summary>
[Alias("OrleansCache.Engine.Tests.IDayflyGrain")]
public interface IDayflyGrain : IGrainWithStringKey
{
    /// <summary>Makes it come.</summary>
    [Alias("Come")]
    Task Come();

    /// <summary>Makes it go.</summary>
    [Alias("Go")]
    Task Go();
}
