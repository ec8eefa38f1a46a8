namespace OrleansCache.Silo.Startup;

/// <summary>
/// Observes whether a silo that stops hands over in time: the cluster knows that it is leaving, accepted calls are answered and all grains
/// are deactivated. Orleans then waits for the silos that take over its part of the grain directory, as long as its time to shut down lasts
/// if one of them never asks, and only then leaves the cluster. Whether that succeeds is not observed: otherwise the others find it dead.
/// </summary>
internal sealed class HandOver : ILifecycleParticipant<ISiloLifecycle>
{
    // Stages are stopped in descending order; Orleans deactivates grains at BecomeActive and at the stage below.
    private const int AfterDeactivation = ServiceLifecycleStage.BecomeActive - 2;

    /// <summary>Whether the silo has handed over in time; final when the host has stopped.</summary>
    public bool IsDone { get; private set; }

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(
        nameof(HandOver),
        AfterDeactivation,
        _ => Task.CompletedTask,
        outOfTime =>
        {
            IsDone = !outOfTime.IsCancellationRequested;
            return Task.CompletedTask;
        });
}
