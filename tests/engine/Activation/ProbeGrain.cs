using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Activation;

/// <inheritdoc cref="IProbeGrain"/>
[PlaceByKey]
public sealed class ProbeGrain(ILocalSiloDetails silo) : Grain, IProbeGrain
{
    private readonly Guid _activation = Guid.NewGuid();

    /// <inheritdoc/>
    public Task<Guid> Activation() => Task.FromResult(_activation);

    /// <inheritdoc/>
    public Task<string> Silo() => Task.FromResult(silo.Name);

    /// <inheritdoc/>
    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());

    /// <inheritdoc/>
    public Task<Guid> ActivationOf(string key) => GrainFactory.GetGrain<IProbeGrain>(key).Activation();

    /// <inheritdoc/>
    public Task<string> KeyOf(IProbeGrain other) => other.Key();

    /// <inheritdoc/>
    public Task Leave()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
