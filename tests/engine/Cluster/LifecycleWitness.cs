using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Cluster;

/// <summary>Takes part in a silo's start and stop.</summary>
public sealed class LifecycleWitness(StageDoor door) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Whether the silo has come to the active stage.</summary>
    public bool Started { get; private set; }

    /// <inheritdoc/>
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(
        nameof(LifecycleWitness),
        ServiceLifecycleStage.Active,
        _ =>
        {
            Started = true;
            return Task.CompletedTask;
        },
        _ =>
        {
            door.Stage.Note(nameof(LifecycleWitness), "stopped");
            return Task.CompletedTask;
        });
}
