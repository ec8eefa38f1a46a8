namespace OrleansCache.Entries;

/// <summary>How long a copy may be used and kept: moments on its table's clock, in milliseconds.</summary>
/// <param name="Since">When the row was read, or the moment from which it counts so.</param>
/// <param name="LeaseEnds">The end of the lease; <see cref="long.MaxValue"/> where copies need none.</param>
/// <param name="Ends">The end of the time to live.</param>
/// <param name="CooldownEnds">From when on those below may have leases on it; before that it was edited too recently.</param>
public readonly record struct EntryLifetime(long Since, long LeaseEnds, long Ends, long CooldownEnds = long.MinValue);
