using Microsoft.Extensions.Logging;
using OrleansCache.Entries;
using OrleansCache.Owners;

namespace OrleansCache.Leases;

/// <summary>The clients that hold entries under leases of this silo, and how they are told that those are revoked.</summary>
internal sealed partial class NearClients(Clock clock, ILogger<NearClients> logger)
{
    private const int Most = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private readonly HolderNumbers<Guid> _numbers = new();
    private readonly Dictionary<Guid, INearObserver> _observers = [];

    /// <summary>Makes a client known.</summary>
    /// <returns>False when there is no room for it.</returns>
    public bool Join(Guid client, INearObserver observer)
    {
        lock (_gate)
        {
            if (_observers.Count >= Most && !_observers.ContainsKey(client))
                return false;
            _observers[client] = observer;
            return true;
        }
    }

    /// <summary>Forgets a client that uses nothing any more.</summary>
    public void Leave(Guid client)
    {
        lock (_gate)
        {
            _observers.Remove(client);
        }
    }

    public bool Knows(Guid client)
    {
        lock (_gate)
            return _observers.ContainsKey(client);
    }

    /// <summary>How many of those who hold leases under these numbers have not left.</summary>
    public int Count(ulong holders)
    {
        lock (_gate)
            return _numbers.Of(holders).Count(_observers.ContainsKey);
    }

    /// <summary>Grants a client a lease on a row, below that of an entry.</summary>
    /// <returns>How long it is from now on, in milliseconds; 0 when there is none, or the entry holds another row by now.</returns>
    public long GrantToClient(LeasedEntryTable entries, CacheEntry entry, RowVersion row, Guid client)
    {
        lock (_gate)
        {
            if (!_observers.ContainsKey(client))
                return 0;
            var now = clock.Now;
            if (entry.UsableUntil is var until && until <= now)
                return 0;
            var lease = entries.GrantToClient(entry, row, _numbers.NumberOf(client, until, now));
            // The entry may have been renewed meanwhile; the number must last for as long as what was granted under it.
            _numbers.NumberOf(client, clock.Now + lease, now);
            return lease;
        }
    }

    /// <summary>Tells those who hold leases that these are revoked; ends when each has said so or its leases have ended.</summary>
    public Task RevokeAsync(IReadOnlyList<Grant> grants)
    {
        if (grants.Count == 0)
            return Task.CompletedTask;
        var byClient = new Dictionary<Guid, List<Grant>>();
        lock (_gate)
        {
            foreach (var grant in grants)
            {
                foreach (var client in _numbers.Of(grant.Holders))
                {
                    if (_observers.ContainsKey(client))
                        (byClient.TryGetValue(client, out var held) ? held : byClient[client] = []).Add(grant);
                }
            }
        }

        return Task.WhenAll(byClient.Select(held => RevokeAsync(held.Key, [.. held.Value.Select(grant => grant.Book)], held.Value.Max(grant => grant.Until))));
    }

    private async Task RevokeAsync(Guid client, string[] books, long until)
    {
        string? failure = null;
        for (var left = until - clock.Now; left > 0; left = until - clock.Now)
        {
            INearObserver? observer;
            lock (_gate)
                observer = _observers.GetValueOrDefault(client);
            // It has left, and said so.
            if (observer is null)
                return;
            try
            {
                var patience = TimeSpan.FromMilliseconds(Math.Min(left, Patience.TotalMilliseconds));
                await observer.RevokeAsync(books).WaitAsync(patience, clock.TimeProvider);
                return;
            }
            catch (Exception error)
            {
                failure ??= error.Message;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(until - clock.Now, 1, (long)Pause.TotalMilliseconds)), clock.TimeProvider);
        }

        if (failure is not null)
            LogWaited(client, books.Length, failure);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The client {Client} did not give its leases on {Count} books back; their end was waited for: {Reason}")]
    private partial void LogWaited(Guid client, int count, string reason);
}
