using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Entries;
using OrleansCache.Telemetry;

namespace OrleansCache.Client;

/// <summary>
/// The entries that a client process holds under leases of the silos that answered it.
/// 1. A hit takes no lock, sends no message and allocates nothing: it checks the ends of the entry and of its volume lease, then returns
/// the entry's result.
/// 2. A revocation is acknowledged when the entry is not used any more, which is at once, as it leaves the table.
/// 3. A lease counts from before it was asked for; an answer that was asked for before a revocation is not kept.
/// 4. Nothing is kept below the version that this client has seen, and the version of an entry that leaves counts as seen.
/// </summary>
internal sealed class NearCache : IEntryHolder, INearRevocations, IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly LeasedEntryTable _table;
    private readonly SeenVersions _seen;
    private readonly ReleaseNumbers _numbers = new();
    private readonly int _slots;
    private readonly NearSilos _silos;
    private readonly NearLeaseRenewer _renewer;
    private readonly Clock _clock;
    private readonly StripedCounter _hits = new();
    private readonly StripedCounter _misses = new();
    private bool _countsHits;
    private bool _isClosed;

    public NearCache(
        INearSources sources,
        RegionStates regions,
        SeenVersions seen,
        IOptions<CacheClientOptions> clientOptions,
        Clock clock,
        ILogger<NearCache> logger)
    {
        (_seen, _clock, _slots) = (seen, clock, clientOptions.Value.Slots);
        _table = new(clock, clientOptions.Value.NearCacheBytes, _slots);
        _silos = new(Client, sources, this, () => new NearLeases(_slots, _numbers), clock, logger);
        _renewer = new(this, _table, _silos, sources, regions.RoundTripTo, clock, logger);
    }

    /// <summary>This client's id, new for each process.</summary>
    public Guid Client { get; } = Guid.NewGuid();

    /// <summary>The current moment on its clock, in milliseconds.</summary>
    public long Now => _clock.Now;

    /// <summary>What it holds and has counted.</summary>
    public EntryTableStatistics Statistics => _table.Statistics();

    /// <summary>
    /// The lookups that it has answered since this was first asked for: counting them costs about as much as a hit itself, so it begins
    /// when somebody collects the metric.
    /// </summary>
    public long Hits
    {
        get
        {
            _countsHits = true;
            return _hits.Total;
        }
    }

    /// <summary>How many silos know this client, so that they give it leases.</summary>
    public int Silos => _silos.Joined().Length;

    /// <summary>The lookups that it had no answer for.</summary>
    public long Misses => _misses.Total;

    /// <summary>The number of completed renewal rounds.</summary>
    public long Rounds => _renewer.Rounds;

    /// <summary>The moment until which a lease may be used, in milliseconds; the silo has allowed for the drift of the clocks.</summary>
    public static long HeldUntil(long asked, TimeSpan lease) =>
        lease > TimeSpan.Zero ? LeaseEnd.HeldUntil(asked, (long)lease.TotalMilliseconds, drift: 0) : long.MinValue;

    /// <summary>The result of an entry that may be used now, or null.</summary>
    /// <param name="key">The key; need not be valid.</param>
    /// <param name="atLeast">The lowest version that is wanted; 0 for any.</param>
    public LookupResult? Find(string key, long atLeast)
    {
        if (_table.Find(key) is NearEntry entry && TryUse(entry, atLeast))
            return entry.Result;
        _misses.Add();
        return null;
    }

    /// <summary>
    /// The same for a key in whatever spelling, if the entry says that it is the kept one: to find that out anew takes as long as a hit.
    /// Counts no miss.
    /// </summary>
    /// <param name="key">The key; may even be null.</param>
    /// <param name="atLeast">The lowest version that is wanted; 0 for any.</param>
    public LookupResult? FindKept(string? key, long atLeast) =>
        key is not null && _table.Find(key) is NearEntry { IsKept: true } entry && TryUse(entry, atLeast) ? entry.Result : null;

    private bool TryUse(NearEntry entry, long atLeast)
    {
        // The lease is checked before the row is read: see CacheEntry.
        if (_clock.Now >= entry.UsableUntil || (atLeast > 0 && entry.Row.Identity.Version < atLeast))
            return false;
        _table.Touch(entry);
        if (_countsHits)
            _hits.Add();
        return true;
    }

    /// <summary>The version of a key's entry, whether or not it may be used; 0 when there is none.</summary>
    public long VersionOf(string key) => _table.Find(key)?.Row.Identity.Version ?? 0;

    /// <summary>The number of the last message about released keys.</summary>
    public long Released => _numbers.Sent;

    /// <summary>The revocation epoch of a key.</summary>
    public long EpochOf(CacheKey key) => _table.Epochs.Current(key);

    /// <summary>Keeps an answer in place of the key's entry, if this client is registered for it and there is room.</summary>
    /// <returns>The moment until which it may be used; in the past when it must not.</returns>
    public long Keep(CacheKey key, LookupAnswer answer, Observation observed)
    {
        var row = answer.Row;
        var origin = answer.Silo is { } silo ? _silos.Meet(answer.Region, silo, answer.Node) : null;
        var volume = origin?.Silo.Leases.Take(key.SlotOf(_slots), answer.Generation, HeldUntil(observed.At, answer.Lease));
        var until = volume?.Until ?? long.MinValue;
        lock (_gate)
        {
            var now = _clock.Now;
            if (_isClosed || row.Identity.Version < _seen.Of(key.Text))
                return long.MinValue;
            if (_table.Find(key.Text) is { } held)
            {
                if (held.Row.Identity == row.Identity && held.UsableUntil >= until)
                    return until;
                _table.Release(held);
            }

            if (until > now)
            {
                var age = (long)answer.Age.TotalMilliseconds;
                var timeToLive = (long)Math.Min(answer.TimeToLive.TotalMilliseconds, int.MaxValue);
                var lifetime = new EntryLifetime(volume, now - age, observed.At + timeToLive);
                // One text for the entry, its row and whoever looks the key up.
                _table.TryKeep(new NearEntry(this, row with { Key = key.Text }, lifetime, origin!), observed.Epoch);
            }
        }

        return until;
    }

    /// <summary>Uses an entry again that its silo has confirmed; drops one that the silo has not any more.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="confirmation">The silo's answer.</param>
    /// <param name="asked">The moment before it was asked.</param>
    /// <param name="observedEpoch">The key's revocation epoch at that moment.</param>
    public void Confirm(NearEntry entry, NearConfirmation confirmation, long asked, long observedEpoch)
    {
        var row = entry.Row;
        lock (_gate)
        {
            if (!confirmation.IsHeld || row.Identity.Version < _seen.Of(row.Key))
            {
                // What is used again meanwhile has been looked up since.
                if (entry.IsSuspended)
                    Evict(entry, EvictionReason.Revoked);
            }
            else if (!_isClosed && entry.Origin.Silo.Leases.Take(
                KeyHash.SlotOf(KeyHash.Of(entry.Book), _slots), confirmation.Generation, HeldUntil(asked, confirmation.Lease)) is { } volume)
            {
                _table.TryConfirm(entry, row.Identity, volume, ownEnd: long.MaxValue, observedEpoch);
            }
        }
    }

    /// <summary>Releases a key's entry if it is below a version that was seen.</summary>
    public void DropBelow(string key, long version)
    {
        lock (_gate)
        {
            if (_table.Find(key) is { } entry && entry.Row.Identity.Version < version)
                _table.Release(entry);
        }
    }

    /// <summary>Counts the bytes of an entry's decoded book.</summary>
    public void Grow(NearEntry entry, int bytes) => _table.Grow(entry, bytes);

    /// <inheritdoc/>
    public void Evict(CacheEntry entry, EvictionReason reason)
    {
        _seen.Note(entry.Row.Key, entry.Row.Identity.Version);
        _table.Release(entry);
    }

    /// <summary>Stops renewing, drops all entries, and then leaves the silos.</summary>
    public async ValueTask DisposeAsync()
    {
        await _renewer.DisposeAsync().ConfigureAwait(false);
        // A silo that was left does not wait for this client any more, so all entries must be unusable before that.
        lock (_gate)
            _isClosed = true;
        _table.DropAll();
        await _silos.DisposeAsync().ConfigureAwait(false);
        await _table.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Revoke(string[] keys)
    {
        // The versions are noted before the entries leave, so that no older answer can take their place in between.
        foreach (var key in keys)
        {
            if (VersionOf(key) is > 0 and var version)
                _seen.Note(key, version);
        }

        _table.Drop(keys, areRevoked: true);
    }

    /// <inheritdoc/>
    public void EndLeases(string silo, int? slot, long below)
    {
        if (_silos.Find(silo) is { } met)
            met.Leases.EndBelow(slot, below);
        // What was asked for before is discarded.
        if (slot is { } one)
            _table.EndSlot(one);
        else
            _table.EndAll();
    }
}
