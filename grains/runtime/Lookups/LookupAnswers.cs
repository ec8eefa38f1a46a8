using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Topology;

namespace OrleansCache.Lookups;

/// <summary>Builds the answers of this silo, and grants leases with them to callers that have a near cache.</summary>
internal sealed class LookupAnswers(
    RegionRoutes routes,
    LeasedEntryTable entries,
    NearClients clients,
    ILocalSiloDetails silo,
    SiloCounters counters,
    HotKeys hotKeys,
    Clock clock)
{
    private readonly string _silo = silo.SiloAddress.ToParsableString();

    /// <summary>The answer from memory; null when the entry needs a new lease, or its version is lower than the caller accepts.</summary>
    /// <remarks>This is the hot path: it takes no lock and hashes nothing, except for the first hit under a new lease or on a new
    /// ring.</remarks>
    public LookupAnswer? TryAnswer(BookEntry entry, CacheKey key, LookupOptions options)
    {
        var now = clock.Now;
        // The lease is read before the row; see CacheEntry.Row.
        var until = entry.UsableUntil;
        if (now >= until)
            return null;
        var row = entry.Row;
        if (row.Identity.Version < options.AtLeast)
            return null;
        entries.Touch(entry);
        counters.CountHit(Tier.Silo);
        hotKeys.Count(key.Text);
        var (lease, source) = Grant(entry, row, until, options.Client);
        var (left, age) = (Until(entry.Ends, now), Until(now, entry.Since));
        return new(row, Tier.Silo, routes.Region, entry.NodeName(key, routes), left, age, LookupFlags.None, lease, source);
    }

    /// <summary>The answer with a loaded row.</summary>
    /// <param name="loaded">The row.</param>
    /// <param name="kept">The entry in which it may be kept, under whose lease the caller's near cache is granted one; null when there is
    /// none.</param>
    /// <param name="options">What the caller asked for.</param>
    /// <exception cref="LookupFailedException">The row is flagged, and the caller requires a coherent one.</exception>
    public LookupAnswer Of(Loaded loaded, CacheEntry? kept, LookupOptions options)
    {
        if (options.RequireCoherent && loaded.IsFlagged)
            throw new LookupFailedException(
                $"\"{loaded.Key}\" can only be answered flagged as {loaded.Flags}, which the caller does not accept.");
        counters.CountHit(loaded.Tier);
        hotKeys.Count(loaded.Key.Text);
        var now = clock.Now;
        var until = kept?.UsableUntil ?? long.MinValue;
        // The lease must be on the row that is answered.
        var (lease, source) = Grant(!loaded.IsFlagged && kept?.Row == loaded.Row ? kept : null, loaded.Row, until, options.Client);
        var (left, age) = (Until(loaded.Lifetime.Ends, now), Until(now, loaded.Lifetime.Since));
        return new(loaded.Row, loaded.Tier, routes.Region, routes.NodeOf(loaded.Key)?.Name, left, age, loaded.Flags, lease, source);
    }

    /// <summary>Begins to note the steps of a lookup.</summary>
    public LookupRecorder Record() => new(silo.Name, clock.TimeProvider);

    /// <summary>Counts a lookup that was refused.</summary>
    public void CountShed() => counters.CountShed();

    /// <summary>Counts a lookup that joined a load in flight.</summary>
    public void CountCoalesced() => counters.CountCoalesced();

    /// <summary>The lease for a caller's near cache, and this silo's address when it gets one or has to join first.</summary>
    private (TimeSpan Lease, string? Silo) Grant(CacheEntry? entry, CachedRow row, long until, Guid client)
    {
        if (client == default)
            return default;
        if (clients.Find(client) is not { } known)
            return (TimeSpan.Zero, _silo);
        var lease = entry is null ? 0 : clients.GrantLease(known, entry, row.Identity, until);
        return (TimeSpan.FromMilliseconds(lease), lease > 0 ? _silo : null);
    }

    private static TimeSpan Until(long moment, long from) => TimeSpan.FromMilliseconds(Math.Max(0, moment - from));
}
