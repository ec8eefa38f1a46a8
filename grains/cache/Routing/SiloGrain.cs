using OrleansCache.Books;
using OrleansCache.Memory;
using OrleansCache.Placement;
using OrleansCache.Statistics;

namespace OrleansCache.Routing;

/// <summary>Does on its silo what other grains ask of it; see <see cref="ISiloGrain"/>.</summary>
[SiloPlacement]
internal sealed class SiloGrain(RegionRoutes routes, CopyTable copies, NodeWriter writer, SiloReport report) : Grain, ISiloGrain
{
    /// <inheritdoc/>
    public Task TakeRingAsync(RingTopology topology)
    {
        routes.Take(topology);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task RevokeAsync(string[] books, CancellationToken cancellation)
    {
        copies.Revoke(books);
        await writer.RemoveAsync(books, cancellation);
        // Until then the node gave out the old copies, and what was loaded from it must not be kept.
        copies.Revoke(books);
    }

    /// <inheritdoc/>
    public Task<SiloStatistics> GetStatisticsAsync() => Task.FromResult(report.Make());
}
