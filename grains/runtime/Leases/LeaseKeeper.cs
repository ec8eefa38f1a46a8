using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Catalogs;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.Lookups;
using OrleansCache.Owners;
using OrleansCache.Placement;
using OrleansCache.Redis;
using OrleansCache.Timing;
using OrleansCache.Topology;

namespace OrleansCache.Leases;

/// <summary>
/// Renews this silo's volume leases, once per period and in one message to each silo with owners; tells them what this silo has not any
/// more, and drops what they name. Has suspended entries confirmed, and starts the time to live of entries in use anew. When the machine was suspended, during which the
/// monotonic clock stands still, all leases are given up. When the silo shuts down, they are returned, so that no edit waits for them.
/// </summary>
internal sealed partial class LeaseKeeper(
    LeasedEntryTable entries,
    VolumeLeases volumes,
    NearClients clients,
    NodeWriter writer,
    RegionalSilos silos,
    OwnerPlaces owners,
    ComputedPlaces places,
    RoundTrips roundTrips,
    Departures departures,
    Confirmations confirmations,
    LeaseTimes times,
    ILocalSiloDetails silo,
    IGrainFactory grains,
    ICatalog catalog,
    ChangeFeed feed,
    IOptions<CacheOptions> options,
    Clock clock,
    ILogger<LeaseKeeper> logger) : BackgroundService
{
    private readonly string _silo = silo.SiloAddress.ToParsableString();
    private readonly List<Task> _renewing = [];
    private Task _confirming = Task.CompletedTask;
    private bool _knowsEpochs;

    /// <summary>
    /// Learns which owners have been replaced. This silo is a member already, so whoever becomes an owner from now on asks it, too.
    /// </summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(times.Period, clock.TimeProvider);
        var offset = Offset();
        departures.Look();
        while (await WaitAsync(timer, stoppingToken))
        {
            try
            {
                departures.Look();
                if (!_knowsEpochs)
                    await OpenAsync(stoppingToken);
                if (Offset() - offset > LeaseTimeouts.MaxClockJump)
                {
                    LogSuspended();
                    feed.NoteSuspended();
                    volumes.EndAll();
                    _renewing.Add(EndClientsAsync(entries.EndAll()));
                }

                offset = Offset();
                clients.Tidy();
                Prolong();
                // Not awaited: the answer may take longer than the period.
                _renewing.RemoveAll(renewal => renewal.IsCompleted);
                if (_renewing.Count < LeaseTimeouts.MaxRenewalsInFlight)
                    _renewing.Add(RenewAsync());
                if (_confirming.IsCompleted)
                {
                    var last = _confirming;
                    _confirming = confirmations.RunAsync();
                    await last;
                }
            }
            catch (Exception error)
            {
                LogRoundFailed(error);
            }
        }

        await Task.WhenAll([.. _renewing, _confirming]);
    }

    /// <summary>Returns all leases before the silo leaves, so that no edit has to wait for them to end.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            var timeout = LeaseTimeouts.Departure + roundTrips.LongestWay();
            volumes.EndAll();
            await clients.EndAsync(entries.Close()).WaitAsync(timeout, clock.TimeProvider, cancellationToken);
            await Task.WhenAll(silos.All.Where(other => !other.Address.Equals(silo.SiloAddress)).Select(AnnounceDepartureAsync))
                .WaitAsync(timeout, clock.TimeProvider, cancellationToken);
        }
        catch (Exception error)
        {
            // Edits wait for these leases to end then, as after a crash.
            LogNotReturned(error.Message);
        }
    }

    private async Task EndClientsAsync(IReadOnlyList<Revocation<Guid>> held)
    {
        await clients.EndAsync(held);
        volumes.Reopen();
    }

    private async Task OpenAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(OwnerTimeouts.FeedQuery);
        try
        {
            var found = await catalog.ReadChangesAsync(since: null, [.. Enumerable.Range(0, volumes.Slots)], limit: 1, limit.Token);
            departures.HadOwners = found.Epochs.Any(epoch => epoch > 0);
            volumes.Open(found.Epochs);
            _knowsEpochs = true;
        }
        catch (Exception error) when (!cancellation.IsCancellationRequested)
        {
            LogNotOpen(error.Message);
        }
    }

    private async Task AnnounceDepartureAsync(RegionalSilo other)
    {
        try
        {
            await grains.GetGrain<ILeaseHolder>(other.Address.ToParsableString()).NoteDepartureAsync(_silo)
                .WaitAsync(LeaseTimeouts.Departure + roundTrips.LongestWay(), clock.TimeProvider);
        }
        catch (Exception error)
        {
            LogNotReturned(error.Message);
        }
    }

    private static async Task<bool> WaitAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>How far the wall clock is ahead of the monotonic clock.</summary>
    private TimeSpan Offset() => clock.TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromMilliseconds(clock.Now);

    /// <summary>
    /// Renews the volume leases on all slots where there is one. The keys that have left are told to whichever silo their owner is on; an
    /// owner whose place is not known yet is asked where it belongs.
    /// </summary>
    private async Task RenewAsync()
    {
        var bySilo = Enumerable.Range(0, volumes.Slots)
            .Select(volumes.Of)
            .Select((volume, slot) => (Slot: slot, Volume: volume, Place: volume.HasEnded ? null : PlaceOf(slot)))
            .Where(held => held.Place is not null)
            .GroupBy(held => held.Place!, held => (held.Slot, held.Volume));
        await Task.WhenAll(bySilo.Select(held => RenewAsync(held.Key, [.. held])));
    }

    private RegionalSilo? PlaceOf(int slot) => owners.Known(OwnerGrain.KeyOf(slot)) ?? owners.Of(OwnerGrain.KeyOf(slot));

    private async Task RenewAsync(RegionalSilo place, (int Slot, VolumeLease Volume)[] held)
    {
        var asked = clock.Now;
        var requests = Array.ConvertAll(held, one => new VolumeRenewalRequest(
            one.Slot,
            one.Volume.Generation,
            entries.TakeReleases(one.Volume.Releases, LeaseTimeouts.MaxReleases),
            one.Volume.WorkedOff));
        VolumeRenewal?[] renewals;
        try
        {
            renewals = await grains.GetGrain<ILeaseHolder>(place.Address.ToParsableString()).RenewAsync(_silo, requests)
                .WaitAsync(LeaseTimeouts.Renewal + roundTrips.Way(place.Region), clock.TimeProvider);
        }
        catch (Exception error)
        {
            LogNotRenewed(held.Length, error.Message);
            renewals = new VolumeRenewal?[held.Length];
        }

        for (var i = 0; i < held.Length; i++)
        {
            if (renewals[i] is { } renewal)
                Take(held[i].Slot, renewal, asked);
            else
                entries.ReturnReleases(held[i].Volume.Releases, requests[i].Releases);
        }
    }

    /// <summary>Drops what an answer names, and then uses the lease that it renews.</summary>
    private void Take(int slot, VolumeRenewal renewal, long asked)
    {
        if (renewal.Drops.Length > 0)
            clients.RevokeAsync(entries.Revoke(renewal.Drops).Clients).ObserveError();
        var until = renewal.Lease > TimeSpan.Zero ? times.HeldUntil(asked, (long)renewal.Lease.TotalMilliseconds) : long.MinValue;
        volumes.Take(slot, renewal.Generation, until)?.NoteWorkedOff(renewal.Number);
    }

    /// <summary>
    /// Starts the time to live of entries in use anew, in Redis too, when it ends soon: that they may be used says that their rows are
    /// current. Otherwise every entry in use would be loaded again when it expires, one by one. An entry whose book belongs to another silo
    /// now ends here, and is loaded there.
    /// </summary>
    private void Prolong()
    {
        foreach (var entry in entries.TakeExpiring())
        {
            var row = entry.Row;
            var timeToLive = (long)Lifetime.Of(row, options.Value).TotalMilliseconds;
            if (places.IsOwn(row.Key) && entries.TryProlong(entry, timeToLive))
                writer.Enqueue(row, clock.Now + timeToLive, overwrite: false);
        }
    }

    [LoggerMessage(EventId = 1300, Level = LogLevel.Warning,
        Message = "The wall clock is far ahead of the monotonic clock, as after a suspended machine resumes; all leases are given up")]
    private partial void LogSuspended();

    [LoggerMessage(EventId = 1301, Level = LogLevel.Debug,
        Message = "Not every lease of this silo was returned before it left; edits wait for them to end: {Reason}")]
    private partial void LogNotReturned(string reason);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Debug, Message = "The leases on {Count} slots were not renewed: {Reason}")]
    private partial void LogNotRenewed(int count, string reason);

    [LoggerMessage(EventId = 1305, Level = LogLevel.Warning,
        Message = "The epochs of the slots could not be read from the catalog; until they are, answers are given without leases: {Reason}")]
    private partial void LogNotOpen(string reason);

    [LoggerMessage(EventId = 1304, Level = LogLevel.Error, Message = "The leases could not be renewed; they are again in a second")]
    private partial void LogRoundFailed(Exception error);
}
