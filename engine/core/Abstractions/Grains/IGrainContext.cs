namespace Orleans.Runtime;

/// <summary>An activation: the life of a grain on one silo.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>The grain's identity.</summary>
    GrainId GrainId { get; }

    /// <summary>A reference to the grain.</summary>
    GrainReference GrainReference { get; }

    /// <summary>The grain object; null before it is made.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of this activation; disposed with it.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Completes when the activation has ended.</summary>
    Task Deactivated { get; }

    /// <summary>Ends the activation as soon as its running requests are done. Requests that arrive meanwhile go to the next activation.</summary>
    /// <param name="deactivationReason">What <see cref="IGrainBase.OnDeactivateAsync"/> is told.</param>
    /// <param name="cancellationToken">Cuts the waiting for running requests and for the grain's own clean-up short.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
