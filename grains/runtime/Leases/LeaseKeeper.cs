using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Entries;
using OrleansCache.Lookups;
using OrleansCache.Placement;
using OrleansCache.Redis;

namespace OrleansCache.Leases;

/// <summary>
/// What has to be done for a silo's leases every second: those in use are renewed before they end, in one message for all of them; and a
/// machine that was suspended, whose monotonic clock stood still meanwhile, gives all of them up.
/// </summary>
internal sealed partial class LeaseKeeper(
    LeasedEntryTable entries, NearClients clients, NodeWriter writer, RegionalSilos silos, RegionMap regions, Departures departures, LeaseTimes times, ILocalSiloDetails silo, IGrainFactory grains,
    IOptions<CacheOptions> options, Clock clock, ILogger<LeaseKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    // The part of its time at whose beginning an entry in use is to stay for another one.
    private const double StaysWhenLeft = 0.25;

    // Clocks are set by hand and by the network, mostly by less than this.
    private static readonly TimeSpan LongestJump = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock.TimeProvider);
        var offset = Offset();
        departures.Look();
        while (await WaitAsync(timer, stoppingToken))
        {
            departures.Look();
            if (Offset() - offset > LongestJump)
                GiveUp();
            offset = Offset();
            await RenewAsync(entries.TakeRenewable());
        }
    }

    /// <summary>Gives everything back before the silo leaves, so that no edit has to wait for leases of a silo that is gone.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await clients.RevokeAsync(entries.Close()).WaitAsync(FarewellPatience, clock.TimeProvider, cancellationToken);
            await Task.WhenAll(silos.All.Where(other => !other.Address.Equals(silo.SiloAddress)).Select(FarewellAsync)).WaitAsync(FarewellPatience, clock.TimeProvider, cancellationToken);
        }
        catch (Exception error)
        {
            // Edits wait for the end of its leases then, as when it had been lost.
            LogNoFarewell(error.Message);
        }
    }

    private async Task FarewellAsync(RegionalSilo other)
    {
        try
        {
            await grains.GetGrain<ILeaseHolder>(other.Address.ToParsableString()).FarewellAsync(silo.SiloAddress.ToParsableString()).WaitAsync(FarewellPatience, clock.TimeProvider);
        }
        catch (Exception error)
        {
            LogNoFarewell(error.Message);
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

    private TimeSpan Offset() => clock.TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch - TimeSpan.FromMilliseconds(clock.Now);

    private void GiveUp()
    {
        LogSuspended();
        entries.RevokeAll();
    }

    private async Task RenewAsync(CacheEntry[] due)
    {
        if (due.Length == 0)
            return;
        var asked = clock.Now;
        long[] observedEpochs = Array.ConvertAll(due, entry => entries.Epochs.Current(entry.Row.Key));
        HeldEntry[] held = Array.ConvertAll(due, entry => new HeldEntry(entry.Row.Key, entry.Row.Identity));
        try
        {
            if (Owners() is not { } owners)
                return;
            var leases = await grains.GetGrain<ILeaseHolder>(owners.ToParsableString())
                .RenewAsync(silo.SiloAddress.ToParsableString(), held).WaitAsync(Period, clock.TimeProvider);
            for (var i = 0; i < due.Length; i++)
            {
                if (leases[i] <= TimeSpan.Zero)
                    RenewLater(due[i]);
                else if (entries.TryExtend(due[i], held[i].Identity, times.HeldUntil(asked, (long)leases[i].TotalMilliseconds), observedEpochs[i]))
                    ConsiderStay(due[i], held[i].Identity, asked, observedEpochs[i]);
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
    /// The owner has read the row for the renewal. So where the entry's time would end before long, it begins again, in the node too: otherwise every entry
    /// in use would be loaded anew when it ends, one by one.
    /// </summary>
    private void ConsiderStay(CacheEntry entry, RowVersion identity, long asked, long observedEpoch)
    {
        var row = entry.Row;
        var whole = row.Exists ? options.Value.TimeToLive : options.Value.AbsentTimeToLive;
        // At least two renewals come within two leases.
        var last = Math.Max(whole.TotalMilliseconds * StaysWhenLeft, 2 * times.Length);
        if (entry.Ends - asked >= last || row.Identity != identity)
            return;
        var stays = Lifetime.Of(row, options.Value);
        if (entries.TryProlong(entry, identity, asked, asked + (long)stays.TotalMilliseconds, observedEpoch))
            writer.Enqueue(row, stays, overwrite: false);
    }

    private void RenewLater(CacheEntry entry) => entries.RenewLater(entry, clock.Now + (long)Period.TotalMilliseconds);

    /// <summary>Where owners live; a call to one that does not goes on from there.</summary>
    private SiloAddress? Owners() =>
        regions.OrderFrom(regions.Home).SelectMany(silos.Of).FirstOrDefault()?.Address;

    [LoggerMessage(Level = LogLevel.Warning, Message = "The wall clock is far ahead of the monotonic one, as after a machine was suspended; all leases are given up")]
    private partial void LogSuspended();

    [LoggerMessage(Level = LogLevel.Debug, Message = "The leases of this silo could not be given back before it left: {Reason}")]
    private partial void LogNoFarewell(string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The leases of {Count} copies were not renewed: {Reason}")]
    private partial void LogNotRenewed(int count, string reason);
}
