namespace OrleansCache.Configuration;

/// <summary>How leases work: part of <see cref="CacheSettings"/>. The same on every silo.</summary>
public sealed class LeaseSettings
{
    /// <summary>
    /// How long a lease is. It is how old an answer may be at most whatever fails, and how long an edit may have to wait for a silo or
    /// client that cannot be reached; shorter leases are renewed more often.
    /// </summary>
    public TimeSpan Length { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>By what part of a lease the clocks of two processes may drift apart while it lasts. Holders count each lease shorter by it.</summary>
    public double Drift { get; set; } = 0.005;

    /// <summary>
    /// How long a reader waits for an edit of its book, before it is answered from the old row under a lease that the edit then waits for. Longer than
    /// edits take as a rule: those leases have to be taken back, too.
    /// </summary>
    public TimeSpan EditPatience { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>A lease is renewed before it ends while its copy was used within this time.</summary>
    public TimeSpan RenewWhileUsedWithin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many leases a silo renews in a second at most; further ones lapse, and are asked for when they are needed.</summary>
    public int MaxRenewalsPerSecond { get; set; } = 5_000;

    /// <summary>How long after an edit of a book no client is given a lease on it: a book that changes often would be revoked more often than it is read.</summary>
    public TimeSpan NearCacheCooldownAfterWrite { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>On how many books the owners of one silo may have granted leases at a time; 200 bytes each.</summary>
    public int MaxLeasedBooks { get; set; } = 1_000_000;

    /// <summary>Who may have granted leases before this silo was started.</summary>
    public Predecessors Predecessors { get; set; } = Predecessors.Unknown;
}
