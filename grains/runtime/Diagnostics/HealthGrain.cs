using OrleansCache.Topology;

namespace OrleansCache.Diagnostics;

/// <summary>Tells how its silo is, once; see <see cref="IHealthGrain"/>.</summary>
[HerePlacement]
internal sealed class HealthGrain(RegionRoutes routes, ILocalSiloDetails silo) : Grain, IHealthGrain
{
    /// <inheritdoc/>
    public Task<SiloHealth> CheckAsync()
    {
        DeactivateOnIdle();
        return Task.FromResult(new SiloHealth(silo.Name, routes.Region, routes.Confirmed.IsCompletedSuccessfully));
    }
}
