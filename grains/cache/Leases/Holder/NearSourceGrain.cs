using OrleansCache.Placement;
using OrleansCache.Time;

namespace OrleansCache.Leases;

/// <inheritdoc cref="INearSource"/>
[SiloPlacement]
internal sealed class NearSourceGrain(CopyTable copies, NearClients clients) : Grain, INearSource
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
        return TimeSpan.FromMilliseconds(clients.Sublease(copies, copy, client));
    }
}
