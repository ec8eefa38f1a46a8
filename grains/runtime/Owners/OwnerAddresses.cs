using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCache.Configuration;
using OrleansCache.Placement;

namespace OrleansCache.Owners;

/// <summary>
/// Makes every owner's address known to this silo before a lookup needs it, so that no lookup waits for the directory, a part of which is
/// usually regions away: pings all owners when the silos of their region change, and then one per period, which finds the few that have
/// moved since, with those that have not answered. The pings also activate the owners, whose first edits then need not wait for the leases
/// of predecessors.
/// </summary>
internal sealed partial class OwnerAddresses(
    OwnerPlaces places, RegionMap regions, IGrainFactory grains, IOptions<CacheOptions> options, ILogger<OwnerAddresses> logger)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var known = Array.Empty<SiloAddress>();
        var absence = TimeSpan.Zero;
        int[] unanswered = [];
        for (var next = 0; !stoppingToken.IsCancellationRequested; next = (next + 1) % options.Value.Slots)
        {
            SiloAddress[] present = [.. places.Silos.Select(silo => silo.Address).Order()];
            // While a cluster starts, its home region may be the last to have a silo; owners that are activated elsewhere would only move.
            var pause = places.AreKnown.IsCompleted ? OwnerTimeouts.AddressPeriod : OwnerTimeouts.FirstAddresses;
            absence = places.Region == regions.Home ? TimeSpan.Zero : absence + pause;
            if (present.Length > 0 && (absence == TimeSpan.Zero || absence >= OwnerTimeouts.WithoutHome))
            {
                var all = !present.SequenceEqual(known);
                known = present;
                int[] slots = all ? [.. Enumerable.Range(0, options.Value.Slots)] : [.. unanswered.Union([next])];
                var answered = await Task.WhenAll(slots.Select(slot => TryPingAsync(slot, stoppingToken)));
                unanswered = [.. slots.Where((_, i) => !answered[i])];
                places.NoteKnown();
            }

            await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TryPingAsync(int slot, CancellationToken stopping)
    {
        try
        {
            await grains.GetGrain<IOwnerGrain>(OwnerGrain.KeyOf(slot)).PingAsync().WaitAsync(OwnerTimeouts.AddressPing, stopping);
            return true;
        }
        catch (Exception error)
        {
            // Lookups find out what is wrong with it.
            LogNoAnswer(slot, error.Message);
            return false;
        }
    }

    [LoggerMessage(EventId = 1210, Level = LogLevel.Debug, Message = "The owner of slot {Slot} did not answer a ping: {Reason}")]
    private partial void LogNoAnswer(int slot, string reason);
}
