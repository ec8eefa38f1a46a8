namespace Orleans;

/// <summary>Takes part in the start and the stop of a host.</summary>
public interface ILifecycleObserver
{
    /// <summary>Called when the host's start reaches the stage.</summary>
    /// <param name="cancellationToken">Cancelled when the start is given up.</param>
    Task OnStart(CancellationToken cancellationToken = default);

    /// <summary>Called when the host's stop reaches the stage.</summary>
    /// <param name="cancellationToken">Cancelled when the stop must not wait any longer.</param>
    Task OnStop(CancellationToken cancellationToken = default);
}
