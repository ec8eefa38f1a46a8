namespace OrleansCache;

/// <summary>Where a lookup was answered, nearest first.</summary>
public enum Tier
{
    /// <summary>In the client's own process.</summary>
    Near,

    /// <summary>In a silo's memory.</summary>
    Silo,

    /// <summary>In a Redis node of the region.</summary>
    Redis,

    /// <summary>By the owner, from a row that it had just read.</summary>
    Owner,

    /// <summary>In the catalog.</summary>
    Catalog,
}
