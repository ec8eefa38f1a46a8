namespace OrleansCache.Configuration;

/// <summary>How copies are kept coherent with the catalog.</summary>
public enum Coherence
{
    /// <summary>A copy is used only under a lease of its book's owner; an edit is acknowledged when no older copy is used any more.</summary>
    Leased,

    /// <summary>Copies live out their time to live; a change tries to revoke them.</summary>
    Ttl,
}
