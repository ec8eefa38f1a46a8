namespace OrleansCache.Silo.Startup;

/// <summary>
/// Sees whether the silo, when it stops, hands over within its patience: the cluster has been told, what was accepted is finished and the grains have
/// ended. What comes after that owes nobody anything, but may take what is left of the patience: Microsoft Orleans waits there for silos
/// that were offered a part of the grain directory, and sometimes one of them never asks for it.
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
