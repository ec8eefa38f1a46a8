namespace OrleansCache.Engine.Tests.Placement;

/// <inheritdoc cref="IPlacedGrain"/>
[ByOrder]
public sealed class PlacedGrain(ILocalSiloDetails silo) : Grain, IPlacedGrain
{
    /// <inheritdoc/>
    public Task<string> Silo() => Task.FromResult(silo.Name);
}
