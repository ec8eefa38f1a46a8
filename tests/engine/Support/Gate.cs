namespace OrleansCache.Engine.Tests.Support;

/// <summary>A door in a grain's code that a test holds shut: the grain reports that it stands before it, and goes on when the test opens it.</summary>
public sealed class Gate
{
    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when somebody stands before the gate.</summary>
    public Task Arrived => _arrived.Task.WaitAsync(Until.Bound);

    /// <summary>Lets everybody through, now and later.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Waits until the gate is opened.</summary>
    public Task PassAsync(CancellationToken cancellationToken = default)
    {
        _arrived.TrySetResult();
        return _opened.Task.WaitAsync(cancellationToken);
    }
}
