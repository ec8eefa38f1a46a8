using Microsoft.Extensions.Options;
using OrleansCache.Catalog;
using OrleansCache.Leases;
using OrleansCache.Memory;
using OrleansCache.Nodes;
using OrleansCache.Routing;
using OrleansCache.Settings;
using OrleansCache.Statistics;
using OrleansCache.Time;

namespace OrleansCache.Books;

/// <summary>
/// The way of a lookup behind memory: the book's node, then its owner, then, when the owner cannot be reached, the
/// catalog without it. One per silo; what book grains share is here, so that a grain itself stays small.
/// </summary>
internal sealed class BookLoader(
    RegionRoutes routes,
    NodeWriter writer,
    OwnerPulse owners,
    CatalogReader catalog,
    IOptions<CacheSettings> options,
    Clock clock,
    SiloCounters counters,
    CopyTable copies,
    ActivationLog activations)
{
    private const double Jitter = 0.1;

    private readonly CacheSettings _settings = options.Value;

    public Clock Clock => clock;

    public CopyTable Copies => copies;

    public SiloCounters Counters => counters;

    public ActivationLog Activations => activations;

    /// <summary>The region of this silo.</summary>
    public string Region => routes.Region;

    /// <summary>The name of the node that a book belongs to, or null while no node is up.</summary>
    public string? NodeNameOf(string book) => routes.NodeOf(book)?.Name;

    /// <summary>Loads a book.</summary>
    /// <exception cref="LookupFailedException">Neither the owner nor the catalog could be reached.</exception>
    public async Task<Loaded> LoadAsync(string book, bool fresh)
    {
        var loadedAt = copies.Revocations;
        if (!fresh && await ReadNodeAsync(book) is { } entry)
            return new(entry.Copy, Tier.Redis, Least(entry.TimeToLive, LongestOf(entry.Copy)), TimeSpan.Zero, LookupFlags.None, loadedAt);
        var loaded = await AskOwnerAsync(book, fresh, loadedAt);
        // From a node it would come back without its flag. That a book was removed is written too, so that no older copy comes after it;
        // where nothing was ever written there is no identity that could be compared.
        if (loaded.Copy.Identity != BookIdentity.None && loaded.Flags is LookupFlags.None)
            writer.Enqueue(loaded.Copy, loaded.TimeToLive, overwrite: fresh, loadedAt);
        return loaded;
    }

    private async Task<NodeEntry?> ReadNodeAsync(string book)
    {
        // A node whose circuit is open is not asked; the router takes it off the ring before long.
        if (routes.NodeOf(book) is not { IsTried: true } node)
            return null;
        try
        {
            counters.CountNodeRead();
            return await node.ReadAsync(book, CancellationToken.None);
        }
        catch (NodeUnavailableException)
        {
            counters.CountNodeFailure();
            return null;
        }
    }

    private async Task<Loaded> AskOwnerAsync(string book, bool fresh, long loadedAt)
    {
        var slot = BookKey.SlotOf(book, _settings.Slots);
        try
        {
            var answer = await owners.LoadAsync(slot, book, fresh);
            return Found(answer.Copy, answer.FromMemory ? Tier.Owner : Tier.Catalog, answer.Age, LookupFlags.None, loadedAt);
        }
        catch (Exception unreachable)
        {
            return await ReadCatalogAsync(book, slot, loadedAt, unreachable);
        }
    }

    private async Task<Loaded> ReadCatalogAsync(string book, int slot, long loadedAt, Exception unreachable)
    {
        try
        {
            var row = await catalog.ReadAsync(book);
            return Found(row.Copy, Tier.Catalog, row.Age(clock), LookupFlags.Unleased, loadedAt);
        }
        catch (CatalogUnavailableException error)
        {
            throw new LookupFailedException($"\"{book}\" is in no cache, the owner of its slot {slot} cannot be reached ({unreachable.Message}), and the catalog cannot be read: {error.Message}", error);
        }
    }

    private Loaded Found(BookCopy copy, Tier tier, TimeSpan age, LookupFlags flags, long loadedAt)
    {
        // Copies that were loaded together must not all end together.
        var jittered = LongestOf(copy) * (1 - (Jitter * Random.Shared.NextDouble()));
        // The time counts from the catalog read, so that no copy is older than it whatever way it came.
        return new(copy, tier, jittered > age ? jittered - age : TimeSpan.Zero, age, flags, loadedAt);
    }

    private TimeSpan LongestOf(BookCopy copy) => copy.Exists ? _settings.TimeToLive : _settings.AbsentTimeToLive;

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
