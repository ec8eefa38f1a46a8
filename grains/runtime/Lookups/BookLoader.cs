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
internal sealed class BookLoader(
    RegionRoutes routes,
    NodeWriter writer,
    OwnerPulse owners,
    CatalogReader catalog,
    IOptions<CacheSettings> options,
    ILocalSiloDetails silo,
    LeaseTimes times,
    NearClients clients,
    ProtocolRules rules,
    ILoadPoints points,
    Clock clock,
    SiloCounters counters,
    CopyTable copies,
    ActivationLog activations)
{
    private readonly CacheSettings _settings = options.Value;
    private readonly string _silo = silo.SiloAddress.ToParsableString();

    public Clock Clock => clock;

    public CopyTable Copies => copies;

    public SiloCounters Counters => counters;

    public ActivationLog Activations => activations;

    /// <summary>The region of this silo.</summary>
    public string Region => routes.Region;

    /// <summary>The name of the node that a book belongs to, or null while no node is up.</summary>
    public string? NodeNameOf(string book) => routes.NodeOf(book)?.Name;

    /// <summary>Where a test may want to be while a book is loaded.</summary>
    public ILoadPoints Points => points;

    /// <summary>Whether a book was revoked after it was asked for, so that what came is thrown away.</summary>
    public bool IsLate(Loaded loaded) => copies.Revocations.Of(loaded.Copy.Key) != NotedFor(loaded);

    /// <summary>What the book's count of revocations must still be when what came is kept.</summary>
    public long NotedFor(Loaded loaded) => rules.LateAnswersAreThrownAway ? loaded.Noted : copies.Revocations.Of(loaded.Copy.Key);

    /// <summary>Whether a caller may be answered with what came. To be asked after the caller's last await.</summary>
    /// <param name="loaded">What came.</param>
    /// <param name="joined">Whether the load had begun before the caller came, who then needs the lease.</param>
    public bool MayAnswer(Loaded loaded, bool joined) =>
        !rules.CheckAndAnswerInOneStep || (!IsLate(loaded) && (!joined || clock.Now < loaded.Tenure.LeaseEnds));

    /// <summary>Loads a book.</summary>
    /// <param name="book">Its key.</param>
    /// <param name="held">What the caller has of it, with or without a valid lease; null when nothing.</param>
    /// <param name="fresh">Whether to ask the catalog itself, past every cache.</param>
    /// <param name="takesLease">Whether the caller keeps what it is given, and tells it again under the lease.</param>
    /// <exception cref="LookupFailedException">Neither the owner nor the catalog could be reached.</exception>
    public async Task<Loaded> LoadAsync(string book, KeptCopy? held, bool fresh, bool takesLease = true)
    {
        var noted = copies.Revocations.Of(book);
        var hint = held is not null && held.Ends > clock.Now ? new Loaded(held.Row, Tier.Grain, held.Tenure, LookupFlags.None, noted) : null;
        if (hint is null && !fresh)
            hint = await ReadNodeAsync(book, noted);
        if (hint?.Tier is Tier.Redis && _settings.Coherence is Coherence.Ttl)
            return hint;
        var loaded = await AskOwnerAsync(book, hint, fresh, takesLease);
        // From a node it would come back without its flag; and what came from there need not go there.
        if (loaded.Flags is LookupFlags.None && loaded.Tier is Tier.Owner or Tier.Catalog && loaded.Copy.Identity != BookIdentity.None)
            writer.Enqueue(loaded.Copy, Left(loaded.Tenure.Ends), overwrite: fresh || hint?.Copy.Identity.Version > loaded.Copy.Identity.Version, loaded.Noted);
        return loaded;
    }

    /// <summary>Answers a caller.</summary>
    /// <param name="row">What it is answered with.</param>
    /// <param name="tier">Where that was found.</param>
    /// <param name="tenure">How long it may be used.</param>
    /// <param name="flags">What had to be given up.</param>
    /// <param name="kept">The copy that is kept of it, below which the caller may get a lease.</param>
    /// <param name="client">The client that would keep it, if any.</param>
    public LookupAnswer Answer(BookCopy row, Tier tier, Tenure tenure, LookupFlags flags, KeptCopy? kept, Guid client)
    {
        var now = clock.Now;
        var age = TimeSpan.FromMilliseconds(Math.Max(0, now - tenure.Since));
        if (client == default)
            return new(row, tier, Region, NodeNameOf(row.Key), Left(tenure.Ends), age, flags);
        // The row that the lease is on must be the one that is answered.
        var lease = kept is not null && flags is LookupFlags.None && kept.Row == row ? clients.Sublease(copies, kept, row.Identity, client) : 0;
        return new(row, tier, Region, NodeNameOf(row.Key), Left(tenure.Ends), age, flags, TimeSpan.FromMilliseconds(lease), lease > 0 || !clients.Knows(client) ? _silo : null);
    }

    private async Task<Loaded?> ReadNodeAsync(string book, long noted)
    {
        // A node whose circuit is open is not asked; the router takes it off the ring before long.
        if (routes.NodeOf(book) is not { IsTried: true } node)
            return null;
        try
        {
            counters.CountNodeRead();
            if (await node.ReadAsync(book, CancellationToken.None) is not { } entry)
                return null;
            var now = clock.Now;
            var left = Math.Min(entry.TimeToLive.TotalMilliseconds, _settings.TimeToLive.TotalMilliseconds);
            return new(entry.Copy, Tier.Redis, new(now, long.MaxValue, now + (long)left), LookupFlags.None, noted);
        }
        catch (NodeUnavailableException)
        {
            counters.CountNodeFailure();
            return null;
        }
    }

    private async Task<Loaded> AskOwnerAsync(string book, Loaded? hint, bool fresh, bool takesLease)
    {
        var slot = CacheKey.Parse(book).SlotOf(_settings.Slots);
        var noted = copies.Revocations.Of(book);
        var asked = clock.Now;
        LeaseGrant grant;
        try
        {
            grant = await owners.AcquireAsync(slot, new(book, takesLease ? _silo : null, fresh ? null : hint?.Copy.Identity, fresh));
        }
        catch (Exception unreachable)
        {
            return hint is not null && !fresh
                ? hint with { Flags = LookupFlags.Stale, Noted = noted }
                : await ReadCatalogAsync(book, slot, noted, unreachable);
        }

        var lease = (long)grant.Lease.TotalMilliseconds;
        var ends = _settings.Coherence is Coherence.Ttl ? long.MaxValue : times.HeldUntil(asked, lease);
        var calm = grant.IsCalm ? long.MinValue : asked + times.CalmAfter;
        if (grant.Row is null)
            return hint! with { Tenure = hint.Tenure with { LeaseEnds = ends, CalmFrom = calm }, Noted = noted };
        var tenure = TenureOf(grant.Row, grant.Age);
        return new(grant.Row, grant.FromMemory ? Tier.Owner : Tier.Catalog, tenure with { LeaseEnds = ends, CalmFrom = calm }, LookupFlags.None, noted);
    }

    private async Task<Loaded> ReadCatalogAsync(string book, int slot, long noted, Exception unreachable)
    {
        try
        {
            var row = await catalog.ReadAsync(book);
            return new(row.Copy, Tier.Catalog, TenureOf(row.Copy, row.Age(clock)), LookupFlags.Unleased, noted);
        }
        catch (CatalogUnavailableException error)
        {
            throw new LookupFailedException($"\"{book}\" is in no cache, the owner of its slot {slot} cannot be reached ({unreachable.Message}), and the catalog cannot be read: {error.Message}", error);
        }
    }

    private Tenure TenureOf(BookCopy row, TimeSpan age)
    {
        // The time counts from the catalog read, so that no copy is older than it whatever way it came.
        var since = clock.Now - (long)age.TotalMilliseconds;
        return new(since, LeaseEnds: 0, since + (long)Lifetime.Of(row, _settings).TotalMilliseconds);
    }

    private TimeSpan Left(long end) => TimeSpan.FromMilliseconds(Math.Max(0, end - clock.Now));
}
