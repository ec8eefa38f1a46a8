namespace OrleansCache.Engine.Internals.Tests.Network;

/// <inheritdoc cref="ICounterGrain"/>
public sealed class CounterGrain : Grain, ICounterGrain
{
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;

    /// <inheritdoc/>
    public Task<int> Add() => Task.FromResult(++_count);

    /// <inheritdoc/>
    public Task Wait() => _released.Task;

    /// <inheritdoc/>
    public Task Release()
    {
        _released.TrySetResult();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Take(Burden burden) => Task.CompletedTask;
}
