using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.Lookups;
using OrleansCache.Placement;
using OrleansCache.Redis;
using OrleansCache.Topology;

namespace OrleansCache.Leases;

/// <summary>
/// Renews this silo's leases on entries in use, once per second and in one message. An entry whose book belongs to another silo now is not
/// renewed: it lapses here, and is loaded there. When the machine was suspended, during which the
/// monotonic clock stands still, all leases are given up. When the silo shuts down, they are returned, so that no edit waits for them.
/// </summary>
internal sealed partial class LeaseKeeper(
    LeasedEntryTable entries,
    NearClients clients,
    NodeWriter writer,
    RegionalSilos silos,
    OwnerPlaces owners,
    ComputedPlaces places,
    RoundTrips roundTrips,
    Departures departures,
    LeaseTimes times,
    ILocalSiloDetails silo,
    IGrainFactory grains,
    IOptions<CacheOptions> options,
    Clock clock,
    ILogger<LeaseKeeper> logger) : BackgroundService
{
    // An entry in use gets a new time to live when less than this part of it is left.
    private const double ProlongWhenLeft = 0.25;

    private readonly string _silo = silo.SiloAddress.ToParsableString();
    private readonly List<Task> _renewing = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LeaseTimeouts.RenewalPeriod, clock.TimeProvider);
        var offset = Offset();
        departures.Look();
        while (await WaitAsync(timer, stoppingToken))
        {
            departures.Look();
            if (Offset() - offset > LeaseTimeouts.MaxClockJump)
            {
                LogSuspended();
                entries.RevokeAll();
            }

            offset = Offset();
            // Not awaited: the answer may take longer than the period.
            _renewing.RemoveAll(renewal => renewal.IsCompleted);
            if (_renewing.Count < LeaseTimeouts.MaxRenewalsInFlight)
                _renewing.Add(RenewAsync(Own(entries.TakeRenewable())));
        }

        await Task.WhenAll(_renewing);
    }

    /// <summary>Returns all leases before the silo leaves, so that no edit has to wait for them to end.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            var timeout = LeaseTimeouts.Departure + roundTrips.LongestWay();
            await clients.RevokeAsync(entries.Close()).WaitAsync(timeout, clock.TimeProvider, cancellationToken);
            await Task.WhenAll(silos.All.Where(other => !other.Address.Equals(silo.SiloAddress)).Select(AnnounceDepartureAsync))
                .WaitAsync(timeout, clock.TimeProvider, cancellationToken);
        }
        catch (Exception error)
        {
            // Edits wait for these leases to end then, as after a crash.
            LogNotReturned(error.Message);
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

    private CacheEntry[] Own(CacheEntry[] due) => Array.FindAll(due, entry => places.IsOwn(entry.Row.Key));

    private async Task RenewAsync(CacheEntry[] due)
    {
        // A silo in the owners' region passes the request on to them.
        if (due.Length == 0 || owners.Silos.FirstOrDefault() is not { } home)
            return;
        var asked = clock.Now;
        long[] observedEpochs = Array.ConvertAll(due, entries.Epochs.Current);
        HeldEntry[] held = Array.ConvertAll(due, entry => new HeldEntry(entry.Row.Key, entry.Row.Identity));
        try
        {
            var leases = await grains.GetGrain<ILeaseHolder>(home.Address.ToParsableString()).RenewAsync(_silo, held)
                .WaitAsync(LeaseTimeouts.RenewalPeriod + roundTrips.Way(home.Region), clock.TimeProvider);
            for (var i = 0; i < due.Length; i++)
            {
                var ends = times.HeldUntil(asked, (long)leases[i].TotalMilliseconds);
                if (leases[i] <= TimeSpan.Zero)
                    RenewLater(due[i]);
                else if (entries.TryExtend(due[i], held[i].Identity, ends, observedEpochs[i]))
                    ConsiderProlonging(due[i], held[i].Identity, asked, observedEpochs[i]);
            }
        }
        catch (Exception error)
        {
            LogNotRenewed(due.Length, error.Message);
            foreach (var entry in due)
                RenewLater(entry);
        }
    }

    /// <summary>
    /// Starts the time to live anew, in Redis too, when it ends soon: the owner has just read the row to renew the lease. Otherwise every
    /// entry in use would be loaded again when it expires, one by one.
    /// </summary>
    private void ConsiderProlonging(CacheEntry entry, RowVersion identity, long asked, long observedEpoch)
    {
        var row = entry.Row;
        var whole = row.Exists ? options.Value.TimeToLive : options.Value.AbsentTimeToLive;
        // Within two leases there are at least two renewals, so one of them prolongs.
        var last = Math.Max(whole.TotalMilliseconds * ProlongWhenLeft, 2 * times.Length);
        if (entry.Ends - asked >= last || row.Identity != identity)
            return;
        var timeToLive = Lifetime.Of(row, options.Value);
        if (entries.TryProlong(entry, identity, asked, asked + (long)timeToLive.TotalMilliseconds, observedEpoch))
            writer.Enqueue(row, timeToLive, overwrite: false);
    }

    private void RenewLater(CacheEntry entry) => entries.RenewLater(entry, clock.Now + (long)LeaseTimeouts.RenewalPeriod.TotalMilliseconds);

    [LoggerMessage(EventId = 1300, Level = LogLevel.Warning,
        Message = "The wall clock is far ahead of the monotonic clock, as after a suspended machine resumes; all leases are given up")]
    private partial void LogSuspended();

    [LoggerMessage(EventId = 1301, Level = LogLevel.Debug,
        Message = "Not every lease of this silo was returned before it left; edits wait for them to end: {Reason}")]
    private partial void LogNotReturned(string reason);

    [LoggerMessage(EventId = 1302, Level = LogLevel.Debug, Message = "{Count} leases were not renewed: {Reason}")]
    private partial void LogNotRenewed(int count, string reason);
}
