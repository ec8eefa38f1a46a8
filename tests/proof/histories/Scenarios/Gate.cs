namespace OrleansCache.Proof.Scenarios;

/// <summary>A gate that is closed until the scenario opens it. Waits are bounded, and a timeout says what was awaited.</summary>
internal sealed class Gate(string what)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits until somebody stands at the gate.</summary>
    public Task ArrivedAsync() => WaitAsync(_arrived.Task, "nobody came to the gate");

    /// <summary>Lets everybody through, now and later.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Opens the gate and waits until one of those who stood at it has done what they came for.</summary>
    public async Task OpenAsync()
    {
        Open();
        await WaitAsync(_passed.Task, "nobody has passed the gate");
    }

    /// <summary>Stands at the gate, and then goes on.</summary>
    public async Task PassAsync(Func<Task> goOn)
    {
        _arrived.TrySetResult();
        await WaitAsync(_opened.Task, "nobody has opened the gate");
        await goOn();
        _passed.TrySetResult();
    }

    private async Task WaitAsync(Task task, string failure)
    {
        try
        {
            await task.WaitAsync(Bound);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Within {Bound.TotalSeconds:0} s {failure}: {what}.");
        }
    }
}
