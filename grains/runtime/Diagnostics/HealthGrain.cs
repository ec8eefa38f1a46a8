using Orleans.Concurrency;
using OrleansCache.Topology;

namespace OrleansCache.Diagnostics;

/// <summary>A stateless worker lives on the silo that is called for it: for a client's call, the silo of its gateway.</summary>
[StatelessWorker(1)]
internal sealed class HealthGrain(RegionRoutes routes, ILocalSiloDetails silo) : Grain, IHealthGrain
{
    /// <inheritdoc/>
    public Task<SiloHealth> CheckAsync() =>
        Task.FromResult(new SiloHealth(silo.Name, routes.Region, routes.Confirmed.IsCompletedSuccessfully));
}
