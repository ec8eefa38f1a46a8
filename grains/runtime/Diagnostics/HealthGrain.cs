using Orleans.Concurrency;
using Orleans.GrainDirectory;
using OrleansCache.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Diagnostics;

/// <summary>
/// A stateless worker lives on the silo that is called for it: for a client's call, the silo of its gateway. It is in no directory, so the
/// check of a silo depends on no other silo.
/// </summary>
[StatelessWorker(1), GrainDirectory(ComputedPlaces.Name)]
internal sealed class HealthGrain(
    RegionRoutes routes, OwnerPlaces owners, RoundTrips roundTrips, ILocalSiloDetails silo) : Grain, IHealthGrain
{
    /// <inheritdoc/>
    public Task<SiloHealth> CheckAsync() => Task.FromResult(new SiloHealth(
        silo.Name,
        routes.Region,
        routes.Confirmed.IsCompletedSuccessfully && owners.AreKnown.IsCompletedSuccessfully,
        owners.Region is { } region ? roundTrips.To(region).Shortest : null));
}
