namespace OrleansCache;

/// <summary>Reports the health of the silo whose gateway the caller uses. The key is of no importance; use one for all calls.</summary>
[Alias("OrleansCache.IHealthGrain")]
internal interface IHealthGrain : IGrainWithStringKey
{
    /// <summary>The silo's health.</summary>
    [Alias("Check")]
    Task<SiloHealth> CheckAsync();
}
