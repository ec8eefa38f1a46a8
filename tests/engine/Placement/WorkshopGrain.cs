using Orleans.Concurrency;

namespace OrleansCache.Engine.Tests.Placement;

/// <inheritdoc cref="IWorkshopGrain"/>
[StatelessWorker(1)]
public sealed class WorkshopGrain(ILocalSiloDetails silo) : Grain, IWorkshopGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    /// <inheritdoc/>
    public Task<string> Silo() => Task.FromResult(silo.Name);

    /// <inheritdoc/>
    public Task<Guid> Activation() => Task.FromResult(_activation);
}
