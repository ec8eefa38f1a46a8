namespace OrleansCache.Silo.Startup;

/// <summary>
/// Observes whether a silo that stops hands over in time: the cluster knows that it is leaving, accepted calls are answered and all grains
/// are deactivated. Orleans then waits for the successors of its directory part, at most until its shutdown time ends. Leaving the cluster
/// is not observed: if it fails, the others declare the silo dead.
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
