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
    CopyTable copies, NearClients clients, NodeWriter writer, LeaseTimes times, Departures departures, ILocalSiloDetails silo, CacheSettings settings, Clock clock, ProtocolRules rules) : Grain, ILeaseHolder
{
    // Shorter than the holder waits for all of them.
    private static readonly TimeSpan RenewalPatience = TimeSpan.FromMilliseconds(800);

    /// <inheritdoc/>
    public async Task<RevocationToken[]> RevokeAsync(string[] books, CancellationToken cancellation)
    {
        var suspended = copies.Suspend(books);
        await TellAsync(suspended);
        return suspended.Tokens;
    }

    /// <inheritdoc/>
    public Task RevokeSlotAsync(int slot) => TellAsync(copies.SuspendSlot(slot));

    /// <inheritdoc/>
    public Task TakeAsync(PushedRow[] rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        foreach (var (row, given) in rows)
        {
            var timeToLive = Lifetime.Of(row, settings);
            var token = rules.PushesCountFromAcknowledgement ? given : given with { At = clock.Now };
            var now = clock.Now;
            var tenure = new Tenure(token.At, times.HeldUntil(token.At, times.Length), now + (long)timeToLive.TotalMilliseconds, now + times.CalmAfter);
            if (copies.TryTake(row, token, tenure))
                writer.Enqueue(row, timeToLive, overwrite: false, given.Count);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task DropAsync(string[] books, CancellationToken cancellation)
    {
        await ForgetAsync(books);
        await writer.RemoveAsync(books, cancellation);
        // Until then the nodes gave out the old rows, and what was loaded from them must not be kept.
        copies.Drop(books);
    }

    /// <inheritdoc/>
    public Task ForgetAsync(string[]? books)
    {
        if (books is null)
        {
            copies.DropAll();
            return TellAsync(copies.SuspendAll());
        }

        copies.Drop(books);
        return TellAsync(copies.Suspend(books));
    }

    /// <inheritdoc/>
    public Task<SiloCopy> PeekAsync(string book)
    {
        var now = clock.Now;
        return Task.FromResult(copies.Find(book) is { } copy
            ? new SiloCopy(silo.Name, copy.Row, Left(copy.UsableUntil, now), Left(copy.Ends, now), clients.Count(copies.HoldersBelow(book)))
            : new SiloCopy(silo.Name, null));
    }

    /// <inheritdoc/>
    public async Task<TimeSpan[]> RenewAsync(string holder, HeldCopy[] held)
    {
        ArgumentNullException.ThrowIfNull(held);
        var leases = new TimeSpan[held.Length];
        await Task.WhenAll(Enumerable.Range(0, held.Length).GroupBy(i => CacheKey.Parse(held[i].Book).SlotOf(settings.Slots)).Select(async slot =>
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
    private async Task<TimeSpan[]?> TryRenewAsync(int slot, string holder, HeldCopy[] held)
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

    private Task TellAsync(Suspension suspended)
    {
        var told = clients.RevokeAsync(suspended.Below);
        return rules.AcknowledgeAfterClients ? told : Task.CompletedTask;
    }
}
