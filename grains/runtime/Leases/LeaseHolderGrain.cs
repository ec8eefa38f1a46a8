using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.Lookups;
using OrleansCache.Owners;
using OrleansCache.Placement;
using OrleansCache.Redis;

namespace OrleansCache.Leases;

/// <inheritdoc cref="ILeaseHolder"/>
[SiloPlacement]
internal sealed class LeaseHolderGrain(
    LeasedEntryTable entries, NearClients clients, NodeWriter writer, LeaseTimes times, Departures departures, ILocalSiloDetails silo, IOptions<CacheOptions> options, Clock clock) : Grain, ILeaseHolder
{
    // Shorter than the holder waits for all of them.
    private static readonly TimeSpan RenewalPatience = TimeSpan.FromMilliseconds(800);

    /// <inheritdoc/>
    public async Task<RevocationToken[]> RevokeAsync(string[] books, CancellationToken cancellation)
    {
        var revoked = entries.Revoke(books);
        await TellAsync(revoked);
        return revoked.Tokens;
    }

    /// <inheritdoc/>
    public Task RevokeSlotAsync(int slot) => TellAsync(entries.RevokeSlot(slot));

    /// <inheritdoc/>
    public Task TakeAsync(PushedRow[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var (row, token) in rows)
        {
            var timeToLive = Lifetime.Of(row, options.Value);
            var now = clock.Now;
            var lifetime = new EntryLifetime(token.At, times.HeldUntil(token.At, times.Length), now + (long)timeToLive.TotalMilliseconds, now + times.NearCacheCooldownAfterWrite);
            if (entries.TryTake(row, token, lifetime))
                writer.Enqueue(row, timeToLive, overwrite: false);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task EvictAsync(string[]? books)
    {
        if (books is null)
        {
            entries.DropAll();
            return TellAsync(entries.RevokeAll());
        }

        entries.Drop(books);
        return TellAsync(entries.Revoke(books));
    }

    /// <inheritdoc/>
    public Task<SiloInspection> PeekAsync(string key)
    {
        var now = clock.Now;
        return Task.FromResult(entries.Find(key) is { } entry
            ? new SiloInspection(silo.Name, entry.Row, Left(entry.UsableUntil, now), Left(entry.Ends, now), clients.Count(entries.ClientGrants(key)))
            : new SiloInspection(silo.Name, null));
    }

    /// <inheritdoc/>
    public async Task<TimeSpan[]> RenewAsync(string holder, HeldEntry[] held)
    {
        ArgumentNullException.ThrowIfNull(held);
        var leases = new TimeSpan[held.Length];
        await Task.WhenAll(Enumerable.Range(0, held.Length).GroupBy(i => CacheKey.Parse(held[i].Book).SlotOf(options.Value.Slots)).Select(async slot =>
        {
            int[] places = [.. slot];
            if (await TryRenewAsync(slot.Key, holder, [.. places.Select(i => held[i])]) is not { } renewed)
                return;
            for (var i = 0; i < places.Length; i++)
                leases[places[i]] = renewed[i];
        }));
        return leases;
    }

    /// <inheritdoc/>
    public Task FarewellAsync(string silo)
    {
        departures.Excuse(SiloAddress.FromParsableString(silo));
        return Task.CompletedTask;
    }

    /// <summary>The leases of one slot; null when its owner does not answer, which is no reason to let the other slots' leases end.</summary>
    private async Task<TimeSpan[]?> TryRenewAsync(int slot, string holder, HeldEntry[] held)
    {
        try
        {
            return await GrainFactory.GetGrain<ILeaseOwner>(OwnerGrain.KeyOf(slot)).RenewAsync(holder, held).WaitAsync(RenewalPatience, clock.TimeProvider);
        }
        catch (Exception)
        {
            // The holder asks again in a second, while there is time.
            return null;
        }
    }

    private static TimeSpan Left(long moment, long now) => moment > now ? TimeSpan.FromMilliseconds(moment - now) : TimeSpan.Zero;

    private Task TellAsync(RevocationResult revoked) => clients.RevokeAsync(revoked.DownstreamGrants);
}
