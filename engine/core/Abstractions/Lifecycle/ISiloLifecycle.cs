namespace Orleans.Runtime;

/// <summary>A silo's start and stop.</summary>
public interface ISiloLifecycle : ILifecycleObservable
{
    /// <summary>The highest stage that the start has completed.</summary>
    int HighestCompletedStage { get; }

    /// <summary>The lowest stage that the stop has completed.</summary>
    int LowestStoppedStage { get; }
}
