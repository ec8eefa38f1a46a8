using Orleans.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Diagnostics;

/// <summary>Answers for the silo that a client is connected to: each call has a key of its own, so that its grain is activated there.</summary>
[PreferLocalPlacement]
internal sealed class HealthGrain(RegionRoutes routes, ILocalSiloDetails silo) : Grain, IHealthGrain
{
    /// <inheritdoc/>
    public Task<SiloHealth> CheckAsync()
    {
        DeactivateOnIdle();
        return Task.FromResult(new SiloHealth(silo.Name, routes.Region, routes.Confirmed.IsCompletedSuccessfully));
    }
}
