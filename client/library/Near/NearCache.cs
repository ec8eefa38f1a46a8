using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Entries;

namespace OrleansCache.Client;

/// <summary>
/// The entries that a client process holds under leases of the silos that gave them.
/// 1. A hit takes no lock, sends no message and allocates nothing: it looks at the end of the entry's lease, then gives its result.
/// 2. A silo that revokes an entry is answered when it is not used any more, which is at once: it leaves the table.
/// 3. A lease counts from before the book was asked for; an answer that was asked for before a revocation is not kept.
/// 4. Nothing is kept that is older than what this client has seen, and what is kept is part of what it has seen.
/// </summary>
internal sealed class NearCache : IEntryHolder, IAsyncDisposable
{
    /// <summary>
    /// Silos renew their own leases when four seconds are left of them, and ours end when theirs do: asking a second later gets the longer
    /// one, and leaves time to ask again.
    /// </summary>
    public static readonly RenewalRules Rules = new(Before: 3_000, UsedWithin: 30_000, Most: 10_000);

    private const double Drift = 0.005;

    private readonly Lock _gate = new();
    private readonly LeasedEntryTable _table;
    private readonly SeenVersions _seen;
    private readonly NearSilos _silos;
    private readonly NearKeeper _keeper;
    private readonly Clock _clock;
    private bool _isClosed;

    public NearCache(INearSources sources, SeenVersions seen, IOptions<CacheClientOptions> settings, Clock clock, ILogger<NearCache> logger)
    {
        (_seen, _clock) = (seen, clock);
        _table = new(clock, settings.Value.NearCacheBytes, settings.Value.Slots, Rules);
        _silos = new(Client, sources, Revoke, clock, logger);
        _keeper = new(Client, _table, _silos, sources, clock, logger);
    }

    /// <summary>This client's id, new for each process.</summary>
    public Guid Client { get; } = Guid.NewGuid();

    /// <summary>The moment on its clock, in milliseconds.</summary>
    public long Now => _clock.Now;

    /// <summary>What is held and has been counted.</summary>
    public EntryTableStatistics Statistics => _table.Statistics();

    /// <summary>How often its leases have been looked after.</summary>
    public long Rounds => _keeper.Rounds;

    /// <summary>The moment until which a lease may be used, in milliseconds.</summary>
    public static long HeldUntil(long asked, TimeSpan lease) => LeaseEnd.HeldUntil(asked, (long)lease.TotalMilliseconds, Drift);

    /// <summary>The result for a book that may be used now, or null.</summary>
    /// <param name="key">The book.</param>
    /// <param name="atLeast">The lowest version that is wanted.</param>
    public LookupResult? Find(string key, long atLeast)
    {
        // The lease is looked at before the row: see CacheEntry.
        if (_table.Find(key) is not NearEntry entry || _clock.Now >= entry.UsableUntil || (atLeast > 0 && entry.Row.Identity.Version < atLeast))
            return null;
        _table.Touch(entry);
        return entry.Result;
    }

    /// <summary>The version of an entry that is held, whether or not it may be used; 0 when there is none.</summary>
    public long KnownVersion(string key) => _table.Find(key)?.Row.Identity.Version ?? 0;

    /// <summary>Notes what an answer will be judged by; to be called before it is asked for.</summary>
    public Question Note(string key, long seen) => new(key, seen, _table.Epochs.Current(key), _clock.Now);

    /// <summary>Whether a book was revoked since it was asked for.</summary>
    public bool IsLate(Question asked) => _table.Epochs.Current(asked.Key) != asked.Revocations;

    /// <summary>Whether others may be answered by this right now.</summary>
    public bool IsValid(string key, NearRight right) => _clock.Now < right.Until && _table.Epochs.Current(key) == right.Revocations;

    /// <summary>Keeps an answer, if it came with a lease and there is room, in place of what was kept.</summary>
    /// <returns>The right that its lease gives.</returns>
    public NearRight Keep(Question asked, LookupAnswer answer)
    {
        var row = answer.Row;
        var origin = answer.Silo is { } silo ? _silos.Meet(answer.Region, silo, answer.Node) : null;
        var until = origin is null || answer.Lease <= TimeSpan.Zero ? long.MinValue : HeldUntil(asked.At, answer.Lease);
        lock (_gate)
        {
            var now = _clock.Now;
            if (_isClosed || row.Identity.Version < _seen.Of(row.Key))
                return NearRight.None;
            if (_table.Find(row.Key) is { } kept)
            {
                if (kept.Row.Identity == row.Identity && kept.UsableUntil >= until)
                    return new(until, asked.Revocations);
                _table.Release(kept);
            }

            if (until > now)
            {
                var age = (long)answer.Age.TotalMilliseconds;
                var left = (long)Math.Min(answer.TimeToLive.TotalMilliseconds, int.MaxValue);
                _table.TryKeep(new NearEntry(this, row, new(now - age, until, asked.At + left), origin!), asked.Revocations);
            }
        }

        return new(until, asked.Revocations);
    }

    /// <summary>Lets go of an entry that is older than what has been seen.</summary>
    public void DropBelow(string key, long version)
    {
        lock (_gate)
        {
            if (_table.Find(key) is { } entry && entry.Row.Identity.Version < version)
                _table.Release(entry);
        }
    }

    /// <summary>Counts what an entry's decoded book takes.</summary>
    public void Grow(NearEntry entry, int bytes) => _table.Grow(entry, bytes);

    /// <inheritdoc/>
    public void Evict(CacheEntry entry, EvictionReason reason)
    {
        _seen.Note(entry.Row.Key, entry.Row.Identity.Version);
        _table.Release(entry);
    }

    /// <summary>Stops, lets go of everything, and then says goodbye to the silos.</summary>
    public async ValueTask DisposeAsync()
    {
        await _keeper.DisposeAsync().ConfigureAwait(false);
        // A silo that was left does not wait for this client any more, so nothing may be used after that.
        lock (_gate)
            _isClosed = true;
        _table.DropAll();
        await _silos.DisposeAsync().ConfigureAwait(false);
        await _table.DisposeAsync().ConfigureAwait(false);
    }

    private void Revoke(string[] books)
    {
        // What leaves is still something that was seen, and is noted before an answer can come in its place.
        foreach (var book in books)
        {
            if (KnownVersion(book) is > 0 and var version)
                _seen.Note(book, version);
        }

        _table.Drop(books);
    }
}
