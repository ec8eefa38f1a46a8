namespace OrleansCache.Engine.Refusal.Tests;

/// <inheritdoc cref="ICarelessGrain"/>
public sealed class CarelessGrain : Grain, ICarelessGrain
{
    /// <inheritdoc/>
    public Task Take(UnsendableThing thing) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<UnsendableAnswer> Give() => Task.FromResult(new UnsendableAnswer());
}
