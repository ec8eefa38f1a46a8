using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Cluster;

/// <inheritdoc cref="IResidenceGrain"/>
[PreferByKey]
public sealed class ResidenceGrain(ILocalSiloDetails silo, StageDoor door) : Grain, IResidenceGrain
{
    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        door.Stage.Note(this.GetPrimaryKeyString(), reason.ReasonCode.ToString());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<string> Silo() => Task.FromResult(silo.Name);

    /// <inheritdoc/>
    public Task<string> SiloOf(string other) => GrainFactory.GetGrain<IResidenceGrain>(other).Silo();

    /// <inheritdoc/>
    public async Task<string> Wait()
    {
        await door.Stage.Gate(this.GetPrimaryKeyString()).PassAsync();
        return silo.Name;
    }
}
