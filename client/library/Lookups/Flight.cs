namespace OrleansCache.Client;

/// <summary>A lookup that several callers wait for.</summary>
internal sealed class Flight(FlightKey key, long number)
{
    private readonly TaskCompletionSource<Given> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FlightKey Key => key;

    /// <summary>Tells whether it began before or after a caller came; see <see cref="Flights.Number"/>.</summary>
    public long Number => number;

    /// <summary>How many callers wait for it; guarded by <see cref="Flights"/>.</summary>
    public int Callers { get; set; } = 1;

    /// <summary>Gives it up, when nobody waits for it any more.</summary>
    public CancellationTokenSource GivenUp { get; } = new();

    public Task<Given> End => _end.Task;

    public void Succeed(Given given) => _end.SetResult(given);

    public void Fail(Exception error)
    {
        _end.SetException(error);
        // Nobody may wait for it any more; the error is looked at here.
        _ = _end.Task.Exception;
    }
}
