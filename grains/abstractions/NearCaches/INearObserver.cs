namespace OrleansCache;

/// <summary>A client's near cache, as seen by the silos that grant it leases.</summary>
[Alias("OrleansCache.INearObserver")]
internal interface INearObserver : IGrainObserver
{
    /// <summary>
    /// Ends the use of entries. The answer acknowledges that none of them is used any more, so it must not be sent earlier; the call only
    /// touches memory.
    /// </summary>
    [Alias("Revoke")]
    Task RevokeAsync(string[] books);

    /// <summary>Ends the client's volume leases from a silo, and with them the use of all entries under them.</summary>
    /// <param name="silo">The silo's address.</param>
    /// <param name="slots">The slots; null for all.</param>
    [Alias("EndLeases")]
    Task EndLeasesAsync(string silo, int[]? slots);
}
