namespace OrleansCache.Proof.Scenarios;

/// <summary>A gate that is closed until the scenario opens it. Waits are bounded, and a timeout says what was awaited.</summary>
internal sealed class Gate(string what)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Waits until a call has arrived at the gate.</summary>
    public Task ArrivedAsync() => WaitAsync(_arrived.Task, "no call arrived at the gate");

    /// <summary>Lets all calls pass, now and later.</summary>
    public void Open() => _opened.TrySetResult();

    /// <summary>Opens the gate and waits until one of the waiting calls has completed.</summary>
    public async Task OpenAsync()
    {
        Open();
        await WaitAsync(_passed.Task, "no call passed the gate");
    }

    /// <summary>Waits at the gate, and then continues.</summary>
    public async Task PassAsync(Func<Task> goOn)
    {
        _arrived.TrySetResult();
        await WaitAsync(_opened.Task, "the gate was not opened");
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
