using OrleansCache.Topology;

namespace OrleansCache.Administration;

/// <summary>
/// A silo, as the other grains speak to it: pinned to it, one per incarnation. Its key is the silo's address, as
/// <see cref="SiloAddress.ToParsableString"/> gives it.
/// </summary>
[Alias("OrleansCache.ISiloGrain")]
public interface ISiloGrain : IGrainWithStringKey
{
    /// <summary>Takes a ring if it is newer than the silo's own.</summary>
    [Alias("TakeRing")]
    Task TakeRingAsync(RingTopology topology);

    /// <summary>What the silo has counted.</summary>
    [Alias("GetStatistics")]
    Task<SiloStatistics> GetStatisticsAsync();
}
