namespace OrleansCache;

/// <summary>
/// Reports the health of the silo whose gateway the caller uses. The key only decides which gateway a client uses: with a few keys it meets
/// several.
/// </summary>
[Alias("OrleansCache.IHealthGrain")]
internal interface IHealthGrain : IGrainWithStringKey
{
    /// <summary>The silo's health.</summary>
    [Alias("Check")]
    Task<SiloHealth> CheckAsync();
}
