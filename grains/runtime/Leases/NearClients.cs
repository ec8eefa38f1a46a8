using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansCache.Entries;

namespace OrleansCache.Leases;

/// <summary>
/// The clients whose near caches hold entries under leases of this silo, and the revocation of those. A client is registered for an entry
/// before it is sent, and a revocation waits for every client that is registered. A hit of a client that is registered already takes no
/// lock.
/// </summary>
internal sealed partial class NearClients(
    LeasedEntryTable entries, VolumeLeases volumes, LeaseTimes times, ILocalSiloDetails silo, Clock clock, ILogger<NearClients> logger)
{
    private const int MaxClients = 10_000;

    private readonly ConcurrentDictionary<Guid, NearClient> _clients = new();
    private readonly string _silo = silo.SiloAddress.ToParsableString();

    /// <summary>How many clients have joined.</summary>
    public int Count => _clients.Count;

    /// <summary>Registers a client; safe to repeat.</summary>
    /// <returns>False when there are too many already.</returns>
    public bool Join(Guid client, INearObserver observer)
    {
        if (!_clients.TryGetValue(client, out var known))
            return _clients.Count < MaxClients && _clients.TryAdd(client, new(client, observer, clock.Now));
        known.Observer = observer;
        known.LastSeen = clock.Now;
        return true;
    }

    /// <summary>Removes a client that has shut down and uses no entry any more.</summary>
    public void Leave(Guid client)
    {
        _clients.TryRemove(client, out _);
        entries.LapseClient(client);
    }

    /// <summary>The client of that id; null when it has not joined. Takes no lock.</summary>
    public NearClient? Find(Guid client) => _clients.GetValueOrDefault(client);

    /// <summary>Registers a client for an entry's row.</summary>
    /// <param name="client">The client.</param>
    /// <param name="entry">The silo's entry.</param>
    /// <param name="row">The row that the client is sent.</param>
    /// <param name="released">The number of the last message about released keys that the client had sent before it asked.</param>
    /// <returns>
    /// The generation of the client's volume lease, none when it was not registered; and how long that lease is from now on, zero when it
    /// gets no longer.
    /// </returns>
    public (LeaseGeneration Generation, TimeSpan Lease) Register(NearClient client, SharedEntry entry, RowVersion row, long released)
    {
        var now = clock.Now;
        var volume = entry.Volume;
        var until = volume.Until;
        if (until <= now || now < entry.CooldownEnds)
            return default;
        // That the entry can still be used and has the same row is checked after the registration was found: then the registration is older
        // than any revocation that is still to come, which therefore finds this client.
        if (client.Holder is { } held && LeasedEntryTable.IsRegistered(entry, held, until, released)
            && entry.UsableUntil > now && entry.Volume == volume && entry.Row.Identity == row)
            return (new(held.Generation, volume.Stamp), TimeSpan.FromMilliseconds(times.ForClient(until - now)));
        var holder = client.Holder is { HasLapsed: false } known ? known : client.Holder = entries.AdmitClient(client.Id, atLeast: 0);
        var (isRegistered, end) = entries.RegisterClient(entry, row, holder, released);
        if (!isRegistered)
            return default;
        return (new(holder.Generation, volume.Stamp), TimeSpan.FromMilliseconds(times.ForClient(Math.Max(0, end - clock.Now))));
    }

    /// <summary>Registers a client for a row that it has, if this silo has it and may use it.</summary>
    public NearConfirmation Confirm(NearClient client, HeldRow row, long released)
    {
        for (var held = entries.Find(row.Book); held is not null; held = held.SameKey)
        {
            if (held is not SharedEntry entry || entry.Row.Identity != row.Identity)
                continue;
            var (generation, lease) = Register(client, entry, row.Identity, released);
            if (generation != LeaseGeneration.None || (entry.IsWhole && clock.Now >= entry.CooldownEnds))
                return new(true, generation, lease);
        }

        return default;
    }

    /// <summary>Renews a client's volume leases.</summary>
    /// <param name="client">The client.</param>
    /// <param name="releases">The keys that it has not any more.</param>
    /// <param name="workedOff">The number of the last answer whose keys it has dropped.</param>
    public NearRenewal Renew(NearClient client, Releases releases, long workedOff)
    {
        client.LastSeen = clock.Now;
        var holder = client.Holder is { HasLapsed: false } known ? known : client.Holder = entries.AdmitClient(client.Id, atLeast: 0);
        var (stamps, leases) = (new long[volumes.Slots], new int[volumes.Slots]);
        var (number, drops, ends) = entries.RenewClient(holder, volumes, releases, workedOff);
        var now = clock.Now;
        for (var slot = 0; slot < stamps.Length; slot++)
        {
            var (volume, until) = ends[slot];
            stamps[slot] = volume.Stamp;
            leases[slot] = until > now ? (int)Math.Min(times.ForClient(until - now), int.MaxValue) : 0;
        }

        return new(holder.Generation, stamps, leases, number, drops);
    }

    /// <summary>Revokes what clients have; completes when each has acknowledged, or cannot use it any more.</summary>
    public Task RevokeAsync(IReadOnlyList<Revocation<Guid>> revocations) => revocations.Count == 0
        ? Task.CompletedTask
        : Task.WhenAll(revocations.Select(RevokeAsync));

    /// <summary>Ends clients' volume leases; completes when each has acknowledged, or they have ended anyway.</summary>
    /// <param name="clients">The clients, and until when they may use anything.</param>
    /// <param name="slot">The slot; null for all.</param>
    /// <param name="below">Only leases with a lower stamp end.</param>
    public Task EndAsync(IReadOnlyList<Revocation<Guid>> clients, int? slot = null, long below = long.MaxValue)
    {
        return Task.WhenAll(clients.Select(client => CallAsync(client, known => known.EndAsync(_silo, slot, below))));
    }

    /// <summary>Forgets clients that have not been heard of for long.</summary>
    public void Tidy()
    {
        var now = clock.Now;
        entries.TidyClients(now - (long)LeaseTimeouts.SilentClient.TotalMilliseconds);
        foreach (var (id, client) in _clients)
        {
            if (now - client.LastSeen > LeaseTimeouts.SilentClient.TotalMilliseconds && client.Holder is not { HasLapsed: false })
                Leave(id);
        }
    }

    private async Task RevokeAsync(Revocation<Guid> revocation)
    {
        var isDone = await CallAsync(revocation, client => client.RevokeAsync(revocation.Keys));
        if (isDone)
            entries.AcknowledgeClient(revocation.Holder, revocation.Keys);
        else
            entries.GiveUpClient(revocation.Holder, revocation.Keys);
    }

    private async Task<bool> CallAsync(Revocation<Guid> revocation, Func<NearClient, Task<bool>> call)
    {
        var repeated = new RepeatedCall(LeaseTimeouts.ClientRevocation, LeaseTimeouts.RevocationPause, clock);
        // A client that has left uses no entry any more.
        var (isDone, _, failure) = await repeated.RunAsync(
            _ => revocation.Holder.HasLapsed || Find(revocation.Holder.Id) is not { } client ? null : call(client), revocation.Limit);
        if (!isDone && failure is not null)
            LogWaited(revocation.Holder.Id, revocation.Keys.Length, failure);
        return isDone;
    }

    [LoggerMessage(EventId = 1303, Level = LogLevel.Warning,
        Message = "The client {Client} did not acknowledge the revocation of {Count} books; waited for its lease to end: {Reason}")]
    private partial void LogWaited(Guid client, int count, string reason);
}
