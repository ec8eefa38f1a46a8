namespace OrleansCache.Engine.Tests.Memory;

/// <inheritdoc cref="IDayflyGrain"/>
public sealed class DayflyGrain(Population population) : Grain, IDayflyGrain
{
    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        population.Arrive();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        population.Depart();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Come() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task Go()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
