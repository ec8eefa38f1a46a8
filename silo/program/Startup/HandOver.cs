namespace OrleansCache.Silo.Startup;

/// <summary>
/// Sees whether the silo, when it stops, hands over within its patience: the cluster has been told that it leaves, what was accepted is finished and the
/// grains have ended. Microsoft Orleans then waits for silos that were offered a part of the grain directory, and as long as the patience lasts for one
/// that never asks for it; only then does it sign off. Whether that succeeds is not seen here: if not, the others find the silo gone.
/// </summary>
internal sealed class HandOver : ILifecycleParticipant<ISiloLifecycle>
{
    // Stages are stopped from the last to the first. The bundled engine hands over at BecomeActive, Microsoft Orleans there and one below.
    private const int Behind = ServiceLifecycleStage.BecomeActive - 2;

    /// <summary>Whether it has; known when the host has stopped.</summary>
    public bool IsDone { get; private set; }

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(HandOver), Behind, _ => Task.CompletedTask, patience =>
    {
        IsDone = !patience.IsCancellationRequested;
        return Task.CompletedTask;
    });
}
