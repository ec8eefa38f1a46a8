using Orleans.Concurrency;
using OrleansCache.Diagnostics;
using OrleansCache.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Administration;

/// <summary>
/// What other grains call on a silo: pinned to it, one per incarnation. Its key is the silo's address, as
/// <see cref="SiloAddress.ToParsableString"/> formats it.
/// </summary>
[Alias("OrleansCache.ISiloGrain")]
internal interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>Completes at once; see <see cref="RoundTrips"/>.</summary>
    [AlwaysInterleave, Alias("Ping")]
    Task PingAsync();

    /// <summary>Uses a ring from now on if it is newer than the silo's own.</summary>
    [Alias("TakeRing")]
    Task TakeRingAsync(RingTopology topology);

    /// <summary>The silo's counters and gauges.</summary>
    [Alias("GetStatistics")]
    Task<SiloStatistics> GetStatisticsAsync();

    /// <summary>The keys that are looked up most at the silo, which counts them for a while from here.</summary>
    [AlwaysInterleave, Alias("GetHotKeys")]
    Task<SiloHotKeys> GetHotKeysAsync();
}

/// <inheritdoc cref="ISiloGrain"/>
[SiloPlacement]
internal sealed class SiloGrain(RegionRoutes routes, SiloReport report, HotKeys hotKeys, ILocalSiloDetails silo) : Grain, ISiloGrain
{
    /// <inheritdoc/>
    public Task PingAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task TakeRingAsync(RingTopology topology)
    {
        routes.Take(topology);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<SiloStatistics> GetStatisticsAsync() => Task.FromResult(report.Make());

    /// <inheritdoc/>
    public Task<SiloHotKeys> GetHotKeysAsync() => Task.FromResult(new SiloHotKeys(silo.Name, hotKeys.Ask()));
}
