using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Topology;

namespace OrleansCache.Lookups;

/// <summary>Builds the answers of this silo, and registers callers that have a near cache.</summary>
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
        var (lease, source, generation) = Register(entry, row, options);
        var (left, age) = (Until(entry.Ends, now), Until(now, entry.Since));
        return new(row, Tier.Silo, routes.Region, entry.NodeName(key, routes), left, age, LookupFlags.None, lease, source, generation);
    }

    /// <summary>The answer with a loaded row.</summary>
    /// <param name="loaded">The row.</param>
    /// <param name="kept">The entry in which it may be kept, for which a caller with a near cache is registered; null when there is
    /// none.</param>
    /// <param name="options">What the caller asked for.</param>
    /// <exception cref="LookupFailedException">The row is flagged, and the caller requires a coherent one.</exception>
    public LookupAnswer Of(Loaded loaded, SharedEntry? kept, LookupOptions options)
    {
        if (options.RequireCoherent && loaded.IsFlagged)
            throw new LookupFailedException(
                $"\"{loaded.Key}\" can only be answered flagged as {loaded.Flags}, which the caller does not accept.");
        counters.CountHit(loaded.Tier);
        hotKeys.Count(loaded.Key.Text);
        var now = clock.Now;
        // It must be the row that is answered.
        var (lease, source, generation) = Register(!loaded.IsFlagged && kept?.Row == loaded.Row ? kept : null, loaded.Row, options);
        var (left, age) = (Until(loaded.Lifetime.Ends, now), Until(now, loaded.Lifetime.Since));
        var node = routes.NodeOf(loaded.Key)?.Name;
        return new(loaded.Row, loaded.Tier, routes.Region, node, left, age, loaded.Flags, lease, source, generation);
    }

    /// <summary>Begins to note the steps of a lookup.</summary>
    public LookupRecorder Record() => new(silo.Name, clock.TimeProvider);

    /// <summary>Counts a lookup that was refused.</summary>
    public void CountShed() => counters.CountShed();

    /// <summary>Counts a lookup that joined a load in flight.</summary>
    public void CountCoalesced() => counters.CountCoalesced();

    /// <summary>Registers a caller that has a near cache; this silo's address when it is registered, or has to join first.</summary>
    private (TimeSpan Lease, string? Silo, LeaseGeneration Generation) Register(SharedEntry? entry, CachedRow row, LookupOptions options)
    {
        if (options.Client == default)
            return default;
        if (clients.Find(options.Client) is not { } client)
            return (TimeSpan.Zero, _silo, LeaseGeneration.None);
        if (entry is null)
            return default;
        var (generation, lease) = clients.Register(client, entry, row.Identity, options.Released);
        return (lease, generation == LeaseGeneration.None ? null : _silo, generation);
    }

    private static TimeSpan Until(long moment, long from) => TimeSpan.FromMilliseconds(Math.Max(0, moment - from));
}
