namespace OrleansCache.Settings;

/// <summary>How copies are kept coherent with the catalog.</summary>
public enum Coherence
{
    /// <summary>Copies live out their time to live; a change tries to revoke them.</summary>
    Ttl,
}
