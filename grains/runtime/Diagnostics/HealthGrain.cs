using Orleans.Placement;
using OrleansCache.Topology;

namespace OrleansCache.Diagnostics;

/// <summary>Answers for the silo that a client is connected to. Each call uses a new key, so that the grain is activated there.</summary>
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
