using System.Collections.Frozen;
using OrleansCache.Timing;

namespace OrleansCache.Topology;

/// <summary>
/// The round trips between this silo and each region, as <see cref="RoundTripProbe"/> measures them all the time. Whoever waits for a silo
/// of another region takes its patience from here, so that no constant competes with the speed of light.
/// </summary>
internal sealed class RoundTrips(RegionMap regions, ProcessLag lag)
{
    private readonly FrozenDictionary<string, RoundTripEstimator> _regions =
        regions.Names.ToFrozenDictionary(name => name, _ => new RoundTripEstimator());

    /// <summary>The estimate for a region.</summary>
    public RoundTripEstimator To(string region) => _regions[region];

    /// <summary>
    /// The way to a region and back; zero while it is not measured. Of a region that has been added to the cluster, and not yet to this
    /// silo's settings, it is taken for as far as the farthest one.
    /// </summary>
    public TimeSpan Way(string region) => _regions.TryGetValue(region, out var known) ? known.Shortest ?? TimeSpan.Zero : LongestWay();

    /// <summary>How late this process itself is.</summary>
    public TimeSpan Lag => lag.Current;

    /// <summary>The longest of all ways.</summary>
    public TimeSpan LongestWay() => _regions.Values.Max(region => region.Shortest ?? TimeSpan.Zero);

    /// <summary>
    /// How long an answer from a region may take before it is overdue. A process that is late itself sees everybody's answers late.
    /// </summary>
    /// <param name="region">The region.</param>
    /// <param name="floor">The least time on top of the way.</param>
    /// <param name="unmeasured">The patience while the region is not measured.</param>
    public TimeSpan Patience(string region, TimeSpan floor, TimeSpan unmeasured) =>
        (_regions.TryGetValue(region, out var known) ? known.Patience(floor, unmeasured) : unmeasured) + lag.Current;
}
