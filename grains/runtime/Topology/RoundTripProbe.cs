using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCache.Administration;
using OrleansCache.Placement;

namespace OrleansCache.Topology;

/// <summary>
/// Measures the round trips to all regions: pings a silo of each once per second, each time another one, and several times in short
/// succession when the region's silos have changed, since what was measured before then may be wrong. A late answer is a measurement like
/// any other. It measures real time, whatever clock the leases use.
/// </summary>
internal sealed partial class RoundTripProbe(
    RoundTrips roundTrips,
    RegionalSilos silos,
    RegionMap regions,
    ILocalSiloDetails self,
    IGrainFactory grains,
    ILogger<RoundTripProbe> logger)
    : BackgroundService
{
    private const int PingsAfterChange = 3;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(regions.Names.Select(region => MeasureAsync(region, stoppingToken)));

    private async Task MeasureAsync(string region, CancellationToken stopping)
    {
        var known = Array.Empty<SiloAddress>();
        for (var turn = 0; !stopping.IsCancellationRequested; turn++)
        {
            SiloAddress[] present = [.. silos.Of(region).Select(silo => silo.Address).Order()];
            if (!present.SequenceEqual(known))
            {
                known = present;
                roundTrips.To(region).Forget();
                turn = 0;
            }

            // In a region with this silo alone there is nobody else to wait for.
            var others = present.Where(silo => !silo.Equals(self.SiloAddress)).ToArray();
            if (others.Length > 0)
                await TryPingAsync(region, others[turn % others.Length], stopping);
            else if (present.Length > 0)
                roundTrips.To(region).Note(TimeSpan.Zero);
            var isNew = present.Length > 0 && turn < PingsAfterChange;
            await Task.Delay(isNew ? TopologyTimeouts.FirstPings : TopologyTimeouts.PingPeriod, stopping)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TryPingAsync(string region, SiloAddress silo, CancellationToken stopping)
    {
        try
        {
            var began = Stopwatch.GetTimestamp();
            await grains.GetGrain<ISiloGrain>(silo.ToParsableString()).PingAsync().WaitAsync(TopologyTimeouts.Ping, stopping);
            roundTrips.To(region).Note(Stopwatch.GetElapsedTime(began));
        }
        catch (Exception error)
        {
            // Whoever needs the silo finds out what is wrong with it.
            LogNoAnswer(silo, error.Message);
        }
    }

    [LoggerMessage(EventId = 1420, Level = LogLevel.Debug, Message = "The silo {Silo} did not answer a ping: {Reason}")]
    private partial void LogNoAnswer(SiloAddress silo, string reason);
}
