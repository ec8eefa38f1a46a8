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
    VolumeLeases volumes,
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
        // A revocation is acknowledged only when the clients below have acknowledged it.
        await clients.RevokeAsync(revoked.Clients);
        for (var i = 0; i < books.Length; i++)
        {
            var volume = volumes.Of(CacheKey.Parse(books[i]).SlotOf(options.Value.Slots));
            revoked.Tokens[i] = revoked.Tokens[i] with { Released = volume.Releases.Sent };
        }

        return revoked.Tokens;
    }

    /// <inheritdoc/>
    public async Task<TimeSpan> EndSlotAsync(int slot, long lowestEpoch)
    {
        volumes.End(slot, lowestEpoch);
        var volume = volumes.Of(slot);
        await clients.EndAsync(entries.EndSlot(slot), slot, volume.HasEnded ? volume.Stamp + 1 : volume.Stamp);
        return Left(departures.LeasesEnded(times), clock.Now);
    }

    /// <inheritdoc/>
    public Task TakeAsync(PushedRow[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var (row, token, generation) in rows)
        {
            var volume = volumes.Of(CacheKey.Parse(row.Key).SlotOf(options.Value.Slots));
            if (volume.Generation != generation || volume.HasEnded)
                continue;
            var now = clock.Now;
            var ends = now + (long)Lifetime.Of(row, options.Value).TotalMilliseconds;
            var lifetime = new EntryLifetime(volume, now, ends, CooldownEnds: now + times.NearCacheCooldownAfterWrite);
            if (entries.TryTake(row, token, lifetime))
                writer.Enqueue(row, ends, overwrite: false);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task EvictAsync(string[]? books)
    {
        if (books is null)
        {
            entries.DropAll();
            volumes.EndAll();
            await clients.EndAsync(entries.EndAll());
            volumes.Reopen();
            return;
        }

        entries.Drop(books);
        await clients.RevokeAsync(entries.Revoke(books).Clients);
    }

    /// <inheritdoc/>
    public Task<SiloInspection> PeekAsync(string key)
    {
        var now = clock.Now;
        return Task.FromResult(entries.Find(key) is { } entry
            ? new SiloInspection(
                silo.Name, entry.Row, Left(entry.UsableUntil, now), Left(entry.Ends, now), entries.ClientsOf(key))
            : new SiloInspection(silo.Name, null));
    }

    /// <inheritdoc/>
    public Task<VolumeRenewal?[]> RenewAsync(string holder, VolumeRenewalRequest[] requests)
    {
        ArgumentNullException.ThrowIfNull(requests);
        MessageLimits.Check(requests.Length, options.Value.Slots, "slots");
        return Task.WhenAll(requests.Select(request => TryRenewAsync(holder, request)));
    }

    /// <inheritdoc/>
    public Task NoteDepartureAsync(string silo)
    {
        departures.NoteGraceful(SiloAddress.FromParsableString(silo));
        return Task.CompletedTask;
    }

    /// <summary>The lease on one slot; null when its owner does not answer: the other slots' leases are renewed all the same.</summary>
    private async Task<VolumeRenewal?> TryRenewAsync(string holder, VolumeRenewalRequest request)
    {
        try
        {
            return await GrainFactory.GetGrain<ILeaseOwner>(OwnerGrain.KeyOf(request.Slot)).RenewAsync(holder, request).AsTask()
                .WaitAsync(LeaseTimeouts.SlotRenewal, clock.TimeProvider);
        }
        catch (Exception)
        {
            // The holder tries again in its next period.
            return null;
        }
    }

    private static TimeSpan Left(long moment, long now) => moment > now ? TimeSpan.FromMilliseconds(moment - now) : TimeSpan.Zero;
}
