namespace OrleansCache;

/// <summary>
/// Tells how the silo is through whose gateway it is called. Each question has a key of its own, so that nobody else's
/// answer is given.
/// </summary>
[Alias("OrleansCache.IHealthGrain")]
public interface IHealthGrain : IGrainWithStringKey
{
    /// <summary>How the silo is.</summary>
    [Alias("Check")]
    Task<SiloHealth> CheckAsync();
}
