using OrleansCache.Entries;
using OrleansCache.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Leases;

/// <inheritdoc cref="INearSource"/>
[SiloPlacement]
internal sealed class NearSourceGrain(LeasedEntryTable entries, NearClients clients, RegionRoutes routes) : Grain, INearSource
{
    /// <inheritdoc/>
    public Task JoinAsync(Guid client, INearObserver observer)
    {
        ArgumentNullException.ThrowIfNull(observer);
        return clients.Join(client, observer)
            ? Task.CompletedTask
            : throw new LookupRefusedException($"The silo {this.GetPrimaryKeyString()} has as many near caches below it as it can; this client is answered without leases.");
    }

    /// <inheritdoc/>
    public Task<TimeSpan[]> RenewAsync(Guid client, HeldEntry[] held)
    {
        ArgumentNullException.ThrowIfNull(held);
        return Task.FromResult(Array.ConvertAll(held, entry => Renew(client, entry)));
    }

    /// <inheritdoc/>
    public Task<LookupAnswer?[]> LookupManyAsync(string[] books, LookupOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(books);
        return Task.WhenAll(books.Select(key => TryLookupAsync(key, options, cancellation)));
    }

    private async Task<LookupAnswer?> TryLookupAsync(string key, LookupOptions options, CancellationToken cancellation)
    {
        try
        {
            return await GrainFactory.GetGrain<IBookGrain>(new BookGrainKey(routes.Region, 1, key).ToString()).LookupAsync(options, cancellation);
        }
        catch (Exception error) when (error is not InvalidKeyException && !cancellation.IsCancellationRequested)
        {
            // The caller asks for it by itself, and learns why then.
            return null;
        }
    }

    /// <inheritdoc/>
    public Task LeaveAsync(Guid client)
    {
        clients.Leave(client);
        return Task.CompletedTask;
    }

    private TimeSpan Renew(Guid client, HeldEntry held)
    {
        if (entries.Find(held.Book) is not { } entry || entry.Row.Identity != held.Identity)
            return TimeSpan.Zero;
        // What clients use is in use here, too, and is renewed in time.
        entries.Touch(entry);
        return TimeSpan.FromMilliseconds(clients.GrantToClient(entries, entry, held.Identity, client));
    }
}
