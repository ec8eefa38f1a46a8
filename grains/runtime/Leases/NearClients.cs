using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansCache.Entries;
using OrleansCache.Owners;

namespace OrleansCache.Leases;

/// <summary>
/// The clients whose near caches hold entries under leases of this silo, and the revocation of those leases. A lease is registered before
/// it is sent, and a revocation waits for every client that is registered. A hit under a lease that is registered already takes no lock.
/// </summary>
internal sealed partial class NearClients(LeasedEntryTable entries, Clock clock, ILogger<NearClients> logger)
{
    private const int MaxClients = 10_000;

    private readonly Lock _gate = new();
    private readonly HolderNumbers<Guid> _numbers = new();
    private readonly ConcurrentDictionary<Guid, NearClient> _clients = new();

    /// <summary>Registers a client; safe to repeat.</summary>
    /// <returns>False when there are too many already.</returns>
    public bool Join(Guid client, INearObserver observer)
    {
        lock (_gate)
        {
            if (!_clients.TryGetValue(client, out var known))
                return _clients.Count < MaxClients && _clients.TryAdd(client, new(client, observer));
            known.Observer = observer;
            return true;
        }
    }

    /// <summary>Removes a client that has shut down and uses no entry any more.</summary>
    public void Leave(Guid client) => _clients.TryRemove(client, out _);

    /// <summary>The client of that id; null when it has not joined. Takes no lock.</summary>
    public NearClient? Find(Guid client) => _clients.GetValueOrDefault(client);

    /// <summary>How many of the holders with these numbers have not left.</summary>
    public int Count(ulong holders)
    {
        lock (_gate)
            return _numbers.Of(holders).Count(_clients.ContainsKey);
    }

    /// <summary>Grants a client a lease on a row, which ends with the lease on the silo's own entry.</summary>
    /// <param name="client">The client.</param>
    /// <param name="entry">The silo's entry.</param>
    /// <param name="row">The row that the client holds or is sent.</param>
    /// <param name="until">The entry's <see cref="EntryHead.UsableUntil"/>, read before the row.</param>
    /// <returns>How long the lease is from now on, in milliseconds; 0 when none can be granted.</returns>
    public long GrantLease(NearClient client, CacheEntry entry, RowVersion row, long until)
    {
        var now = clock.Now;
        if (until <= now || now < entry.CooldownEnds)
            return 0;
        // The number belongs to the client for as long as it says, so a lease that is registered under it until then is this client's, and
        // stays registered until it ends. That the entry can still be used and has the same row is checked after that: then the
        // registration is older than any revocation that is still to come, which therefore finds this client.
        if (client.Number is { } held && held.Until >= until && LeasedEntryTable.HasGranted(entry, held.Number, until)
            && entry.UsableUntil >= until && entry.Row.Identity == row)
        {
            return until - now;
        }

        lock (_gate)
        {
            now = clock.Now;
            var number = _numbers.NumberOf(client.Id, until, now);
            var lease = entries.GrantToClient(entry, row, number);
            // The entry's lease may have been renewed since it was read; the number must last as long as what was granted under it.
            var ends = Math.Max(until, clock.Now + lease);
            _numbers.NumberOf(client.Id, ends, now);
            if (client.Number is not { } before || before.Number != number || before.Until < ends)
                client.Number = new(number, ends);
            return lease;
        }
    }

    /// <summary>Revokes leases; completes when every holder has acknowledged or its leases have ended.</summary>
    public Task RevokeAsync(IReadOnlyList<Grant> grants)
    {
        if (grants.Count == 0)
            return Task.CompletedTask;
        var byClient = new Dictionary<Guid, List<Grant>>();
        lock (_gate)
        {
            foreach (var grant in grants)
            {
                foreach (var client in _numbers.Of(grant.Holders).Where(_clients.ContainsKey))
                    (byClient.TryGetValue(client, out var held) ? held : byClient[client] = []).Add(grant);
            }
        }

        return Task.WhenAll(byClient.Select(held =>
            RevokeAsync(held.Key, [.. held.Value.Select(grant => grant.Book)], held.Value.Max(grant => grant.Until))));
    }

    private async Task RevokeAsync(Guid client, string[] books, long until)
    {
        var call = new RepeatedCall(LeaseTimeouts.ClientRevocation, LeaseTimeouts.RevocationPause, clock);
        // A client that has left uses no entry any more.
        var (isDone, _, failure) = await call.RunAsync(_ => Find(client)?.RevokeAsync(books), until);
        if (!isDone && failure is not null)
            LogWaited(client, books.Length, failure);
    }

    [LoggerMessage(EventId = 1303, Level = LogLevel.Warning,
        Message = "The client {Client} did not acknowledge the revocation of {Count} leases; waited for them to expire: {Reason}")]
    private partial void LogWaited(Guid client, int count, string reason);
}

/// <summary>A client that has joined, so that its near cache gets leases.</summary>
/// <param name="id">The client's id, new for each of its processes.</param>
/// <param name="observer">Where its revocations are sent.</param>
internal sealed class NearClient(Guid id, INearObserver observer)
{
    private volatile INearObserver _observer = observer;
    private volatile HeldNumber? _number;

    public Guid Id => id;

    public INearObserver Observer
    {
        get => _observer;
        set => _observer = value;
    }

    /// <summary>The number under which its leases are registered; null before the first.</summary>
    public HeldNumber? Number
    {
        get => _number;
        set => _number = value;
    }

    /// <summary>Ends the client's use of entries; completes with its acknowledgement.</summary>
    public async Task<bool> RevokeAsync(string[] books)
    {
        await Observer.RevokeAsync(books);
        return true;
    }

    /// <summary>A number of a holder. Immutable, since hits read both parts without a lock.</summary>
    /// <param name="Number">The number; see <see cref="GrantTable"/>.</param>
    /// <param name="Until">The moment until which it belongs to the client at least.</param>
    internal sealed record HeldNumber(int Number, long Until);
}
