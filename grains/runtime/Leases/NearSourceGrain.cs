using OrleansCache.Entries;
using OrleansCache.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Leases;

/// <inheritdoc cref="INearSource"/>
[SiloPlacement]
internal sealed class NearSourceGrain(CopyTable copies, NearClients clients, RegionRoutes routes) : Grain, INearSource
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
    public Task<TimeSpan[]> RenewAsync(Guid client, HeldCopy[] held)
    {
        ArgumentNullException.ThrowIfNull(held);
        return Task.FromResult(Array.ConvertAll(held, copy => Renew(client, copy)));
    }

    /// <inheritdoc/>
    public Task<LookupAnswer?[]> LookupManyAsync(string[] books, LookupOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(books);
        return Task.WhenAll(books.Select(book => TryLookupAsync(book, options, cancellation)));
    }

    private async Task<LookupAnswer?> TryLookupAsync(string book, LookupOptions options, CancellationToken cancellation)
    {
        try
        {
            return await GrainFactory.GetGrain<IBookGrain>(new BookGrainKey(routes.Region, 1, book).ToString()).LookupAsync(options, cancellation);
        }
        catch (Exception error) when (error is not InvalidBookKeyException && !cancellation.IsCancellationRequested)
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

    private TimeSpan Renew(Guid client, HeldCopy held)
    {
        if (copies.Find(held.Book) is not { } copy || copy.Row.Identity != held.Identity)
            return TimeSpan.Zero;
        // What clients use is in use here, too, and is renewed in time.
        copies.Touch(copy);
        return TimeSpan.FromMilliseconds(clients.Sublease(copies, copy, held.Identity, client));
    }
}
