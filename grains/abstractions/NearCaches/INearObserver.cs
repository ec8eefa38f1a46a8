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
    /// <param name="slot">The slot; null for all.</param>
    /// <param name="below">Only leases with a lower stamp than this one end; the client refuses such stamps from now on.</param>
    [Alias("EndLeases")]
    Task EndLeasesAsync(string silo, int? slot, long below);
}
