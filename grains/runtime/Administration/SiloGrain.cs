using OrleansCache.Diagnostics;
using OrleansCache.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Administration;

/// <summary>Does on its silo what other grains ask of it; see <see cref="ISiloGrain"/>.</summary>
[SiloPlacement]
internal sealed class SiloGrain(RegionRoutes routes, SiloReport report) : Grain, ISiloGrain
{
    /// <inheritdoc/>
    public Task TakeRingAsync(RingTopology topology)
    {
        routes.Take(topology);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<SiloStatistics> GetStatisticsAsync() => Task.FromResult(report.Make());
}
