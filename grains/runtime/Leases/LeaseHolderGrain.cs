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
    LeasedEntryTable entries,
    NearClients clients,
    NodeWriter writer,
    LeaseTimes times,
    Departures departures,
    ILocalSiloDetails silo,
    IOptions<CacheOptions> options,
    Clock clock) : Grain, ILeaseHolder
{
    /// <inheritdoc/>
    public async Task<RevocationToken[]> RevokeAsync(string[] books, CancellationToken cancellation)
    {
        var revoked = entries.Revoke(books);
        await RevokeDownstreamAsync(revoked);
        return revoked.Tokens;
    }

    /// <inheritdoc/>
    public Task RevokeSlotAsync(int slot) => RevokeDownstreamAsync(entries.RevokeSlot(slot));

    /// <inheritdoc/>
    public Task TakeAsync(PushedRow[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var (row, token) in rows)
        {
            var timeToLive = Lifetime.Of(row, options.Value);
            var now = clock.Now;
            var lifetime = new EntryLifetime(
                token.At,
                times.HeldUntil(token.At, times.Length),
                now + (long)timeToLive.TotalMilliseconds,
                now + times.NearCacheCooldownAfterWrite);
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
            return RevokeDownstreamAsync(entries.RevokeAll());
        }

        entries.Drop(books);
        return RevokeDownstreamAsync(entries.Revoke(books));
    }

    /// <inheritdoc/>
    public Task<SiloInspection> PeekAsync(string key)
    {
        var now = clock.Now;
        return Task.FromResult(entries.Find(key) is { } entry
            ? new SiloInspection(
                silo.Name, entry.Row, Left(entry.UsableUntil, now), Left(entry.Ends, now), clients.Count(entries.ClientGrants(key)))
            : new SiloInspection(silo.Name, null));
    }

    /// <inheritdoc/>
    public async Task<TimeSpan[]> RenewAsync(string holder, HeldEntry[] held)
    {
        ArgumentNullException.ThrowIfNull(held);
        var leases = new TimeSpan[held.Length];
        await Task.WhenAll(Enumerable.Range(0, held.Length)
            .GroupBy(i => CacheKey.Parse(held[i].Book).SlotOf(options.Value.Slots))
            .Select(slot => RenewSlotAsync(slot.Key, [.. slot])));
        return leases;

        async Task RenewSlotAsync(int slot, int[] places)
        {
            if (await TryRenewAsync(slot, holder, [.. places.Select(i => held[i])]) is not { } renewed)
                return;
            for (var i = 0; i < places.Length; i++)
                leases[places[i]] = renewed[i];
        }
    }

    /// <inheritdoc/>
    public Task NoteDepartureAsync(string silo)
    {
        departures.NoteGraceful(SiloAddress.FromParsableString(silo));
        return Task.CompletedTask;
    }

    /// <summary>The leases of one slot; null when its owner does not answer: the other slots' leases are renewed all the same.</summary>
    private async Task<TimeSpan[]?> TryRenewAsync(int slot, string holder, HeldEntry[] held)
    {
        try
        {
            return await GrainFactory.GetGrain<ILeaseOwner>(OwnerGrain.KeyOf(slot)).RenewAsync(holder, held)
                .WaitAsync(LeaseTimeouts.SlotRenewal, clock.TimeProvider);
        }
        catch (Exception)
        {
            // The holder tries again in its next period, as long as its leases last.
            return null;
        }
    }

    // A revocation is acknowledged only when the clients below have acknowledged it.
    private Task RevokeDownstreamAsync(RevocationResult revoked) => clients.RevokeAsync(revoked.DownstreamGrants);

    private static TimeSpan Left(long moment, long now) => moment > now ? TimeSpan.FromMilliseconds(moment - now) : TimeSpan.Zero;
}
