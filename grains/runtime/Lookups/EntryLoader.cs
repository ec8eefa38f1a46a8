using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Diagnostics;
using OrleansCache.Entries;
using OrleansCache.Leases;
using OrleansCache.Owners;
using OrleansCache.Redis;
using OrleansCache.Topology;

namespace OrleansCache.Lookups;

/// <summary>
/// The way of a lookup behind memory: the book's node has the row, its owner says whether and how long it may be used, and when the
/// owner cannot be reached there are the row without that, or the catalog without the owner, both flagged. One per silo; what book
/// grains share is here, so that a grain itself stays small.
/// </summary>
internal sealed class EntryLoader(
    RegionRoutes routes,
    NodeWriter writer,
    OwnerClient owners,
    CatalogReader catalog,
    IOptions<CacheOptions> options,
    ILocalSiloDetails silo,
    LeaseTimes times,
    NearClients clients,
    ILoadPoints points,
    Clock clock,
    SiloCounters counters,
    LeasedEntryTable entries,
    ActivationLog activations)
{
    private readonly CacheOptions _settings = options.Value;
    private readonly string _silo = silo.SiloAddress.ToParsableString();

    public Clock Clock => clock;

    public LeasedEntryTable Entries => entries;

    public SiloCounters Counters => counters;

    public ActivationLog Activations => activations;

    /// <summary>The region of this silo.</summary>
    public string Region => routes.Region;

    /// <summary>The name of the node that a book belongs to, or null while no node is up.</summary>
    public string? NodeNameOf(string key) => routes.NodeOf(key)?.Name;

    /// <summary>Where a test may want to be while a book is loaded.</summary>
    public ILoadPoints Points => points;

    /// <summary>Whether a book was revoked after it was asked for, so that what came is thrown away.</summary>
    public bool IsLate(Loaded loaded) => entries.Epochs.Current(loaded.Row.Key) != ObservedEpochFor(loaded);

    /// <summary>What the book's count of revocations must still be when what came is kept.</summary>
    public long ObservedEpochFor(Loaded loaded) => loaded.ObservedEpoch;

    /// <summary>Whether a caller may be answered with what came. To be asked after the caller's last await.</summary>
    /// <param name="loaded">What came.</param>
    /// <param name="joined">Whether the load had begun before the caller came, who then needs the lease.</param>
    public bool MayAnswer(Loaded loaded, bool joined) => !IsLate(loaded) && (!joined || clock.Now < loaded.Lifetime.LeaseEnds);

    /// <summary>Loads a book.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="held">What the caller has of it, with or without a valid lease; null when nothing.</param>
    /// <param name="fresh">Whether to ask the catalog itself, past every cache.</param>
    /// <param name="takesLease">Whether the caller keeps what it is given, and tells it again under the lease.</param>
    /// <exception cref="LookupFailedException">Neither the owner nor the catalog could be reached.</exception>
    public async Task<Loaded> LoadAsync(string key, CacheEntry? held, bool fresh, bool takesLease = true)
    {
        var observedEpoch = entries.Epochs.Current(key);
        var hint = held is not null && held.Ends > clock.Now ? new Loaded(held.Row, Tier.Silo, held.Lifetime, LookupFlags.None, observedEpoch) : null;
        if (hint is null && !fresh)
            hint = await ReadNodeAsync(key, observedEpoch);
        var loaded = await AskOwnerAsync(key, hint, fresh, takesLease);
        // From a node it would come back without its flag; and what came from there need not go there.
        if (loaded.Flags is LookupFlags.None && loaded.Tier is Tier.Owner or Tier.Catalog && loaded.Row.Identity != RowVersion.None)
            writer.Enqueue(loaded.Row, Left(loaded.Lifetime.Ends), overwrite: fresh || hint?.Row.Identity.Version > loaded.Row.Identity.Version);
        return loaded;
    }

    /// <summary>Answers a caller.</summary>
    /// <param name="row">What it is answered with.</param>
    /// <param name="tier">Where that was found.</param>
    /// <param name="lifetime">How long it may be used.</param>
    /// <param name="flags">What had to be given up.</param>
    /// <param name="kept">The entry that is kept of it, below which the caller may get a lease.</param>
    /// <param name="client">The client that would keep it, if any.</param>
    public LookupAnswer Answer(CachedRow row, Tier tier, EntryLifetime lifetime, LookupFlags flags, CacheEntry? kept, Guid client)
    {
        var now = clock.Now;
        var age = TimeSpan.FromMilliseconds(Math.Max(0, now - lifetime.Since));
        if (client == default)
            return new(row, tier, Region, NodeNameOf(row.Key), Left(lifetime.Ends), age, flags);
        // The row that the lease is on must be the one that is answered.
        var lease = kept is not null && flags is LookupFlags.None && kept.Row == row ? clients.GrantToClient(entries, kept, row.Identity, client) : 0;
        return new(row, tier, Region, NodeNameOf(row.Key), Left(lifetime.Ends), age, flags, TimeSpan.FromMilliseconds(lease), lease > 0 || !clients.Knows(client) ? _silo : null);
    }

    private async Task<Loaded?> ReadNodeAsync(string key, long observedEpoch)
    {
        // A node whose circuit is open is not asked; the router takes it off the ring before long.
        if (routes.NodeOf(key) is not { IsAvailable: true } node)
            return null;
        try
        {
            counters.CountNodeRead();
            if (await node.ReadAsync(key, CancellationToken.None) is not { } entry)
                return null;
            var now = clock.Now;
            var left = Math.Min(entry.TimeToLive.TotalMilliseconds, _settings.TimeToLive.TotalMilliseconds);
            return new(entry.Row, Tier.Redis, new(now, long.MaxValue, now + (long)left), LookupFlags.None, observedEpoch);
        }
        catch (NodeUnavailableException)
        {
            counters.CountNodeFailure();
            return null;
        }
    }

    private async Task<Loaded> AskOwnerAsync(string key, Loaded? hint, bool fresh, bool takesLease)
    {
        var slot = CacheKey.Parse(key).SlotOf(_settings.Slots);
        var observedEpoch = entries.Epochs.Current(key);
        var asked = clock.Now;
        LeaseGrant grant;
        try
        {
            grant = await owners.AcquireAsync(slot, new(key, takesLease ? _silo : null, fresh ? null : hint?.Row.Identity, fresh));
        }
        catch (Exception unreachable)
        {
            return hint is not null && !fresh
                ? hint with { Flags = LookupFlags.Stale, ObservedEpoch = observedEpoch }
                : await ReadCatalogAsync(key, slot, observedEpoch, unreachable);
        }

        var lease = (long)grant.Lease.TotalMilliseconds;
        var ends = times.HeldUntil(asked, lease);
        var cooldownEnds = grant.IsPastCooldown ? long.MinValue : asked + times.NearCacheCooldownAfterWrite;
        if (grant.Row is null)
            return hint! with { Lifetime = hint.Lifetime with { LeaseEnds = ends, CooldownEnds = cooldownEnds }, ObservedEpoch = observedEpoch };
        var lifetime = LifetimeOf(grant.Row, grant.Age);
        return new(grant.Row, grant.FromMemory ? Tier.Owner : Tier.Catalog, lifetime with { LeaseEnds = ends, CooldownEnds = cooldownEnds }, LookupFlags.None, observedEpoch);
    }

    private async Task<Loaded> ReadCatalogAsync(string key, int slot, long observedEpoch, Exception unreachable)
    {
        try
        {
            var row = await catalog.ReadAsync(key);
            return new(row.Row, Tier.Catalog, LifetimeOf(row.Row, row.Age(clock)), LookupFlags.Unleased, observedEpoch);
        }
        catch (CatalogUnavailableException error)
        {
            throw new LookupFailedException($"\"{key}\" is in no cache, the owner of its slot {slot} cannot be reached ({unreachable.Message}), and the catalog cannot be read: {error.Message}", error);
        }
    }

    private EntryLifetime LifetimeOf(CachedRow row, TimeSpan age)
    {
        // The time counts from the catalog read, so that no entry is older than it whatever way it came.
        var since = clock.Now - (long)age.TotalMilliseconds;
        return new(since, LeaseEnds: 0, since + (long)Lifetime.Of(row, _settings).TotalMilliseconds);
    }

    private TimeSpan Left(long end) => TimeSpan.FromMilliseconds(Math.Max(0, end - clock.Now));
}
