namespace Orleans;

/// <summary>The base class of grains.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Binds the new object to the activation that is being created on this thread.</summary>
    protected Grain() => GrainContext = (TaskScheduler.Current as IGrainContext)!;

    /// <summary>The activation that this object belongs to.</summary>
    public IGrainContext GrainContext { get; }

    /// <summary>A reference to this grain that may be handed to others.</summary>
    public GrainReference GrainReference => GrainContext.GrainReference;

    /// <summary>The grain's identity as text.</summary>
    public string IdentityString => GrainContext.GrainId.ToString();

    /// <summary>The silo that the grain runs on, as text.</summary>
    public string RuntimeIdentity => Home.SiloIdentity;

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => Home.GrainFactory;

    /// <summary>The services of this activation.</summary>
    protected internal IServiceProvider ServiceProvider => GrainContext.ActivationServices;

    private OrleansCache.Engine.Activation.IActivationHome Home => (OrleansCache.Engine.Activation.IActivationHome)GrainContext;

    /// <summary>Called before the first request reaches the grain. When it fails, the activation ends and the waiting callers get the error.</summary>
    /// <param name="cancellationToken">Cancelled when the activation takes longer than is allowed.</param>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Called after the last request left the grain.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="cancellationToken">Cancelled when the deactivation takes longer than is allowed.</param>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation as soon as the running requests are done.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>Keeps the idle activation for at least this long.</summary>
    /// <param name="timeSpan">How long from now. A negative value takes an earlier delay back; <see cref="TimeSpan.MaxValue"/> keeps the activation for good.</param>
    protected void DelayDeactivation(TimeSpan timeSpan) => Home.DelayDeactivation(timeSpan);
}
