using OrleansCache.Engine.Hosting;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.References;

namespace OrleansCache.Engine.Observers;

/// <summary>An object that grains can call: one call at a time, unless a method always interleaves. The object is held weakly.</summary>
internal sealed class Observer(GrainId grainId, IGrainObserver target, ReferenceFactory references, OwnedTasks tasks) : ICallHost, IGrainContext
{
    private readonly WeakReference<IGrainObserver> _target = new(target);
    private readonly Lock _gate = new();
    private readonly Queue<Call> _waiting = new();
    private bool _isBusy;

    public GrainId GrainId => grainId;

    public GrainReference GrainReference => (GrainReference)references.Create(grainId, typeof(GrainReference));

    public object? GrainInstance => _target.TryGetTarget(out var known) ? known : null;

    public IServiceProvider ActivationServices => throw new NotSupportedException("An observer is no activation: it has the services that it was made with.");

    public Task Deactivated => Task.CompletedTask;

    public bool IsAlive => _target.TryGetTarget(out _);

    /// <summary>False when the object is gone.</summary>
    public bool TryEnqueue(Call call)
    {
        if (!IsAlive) return false;
        if (!call.IsAlwaysInterleave)
        {
            lock (_gate)
            {
                if (_isBusy)
                {
                    _waiting.Enqueue(call);
                    return true;
                }

                _isBusy = true;
            }
        }

        tasks.Run(() => RunAsync(call));
        return true;
    }

    public void Finished(Call call)
    {
        if (call.IsAlwaysInterleave) return;
        Call? next;
        lock (_gate)
        {
            if (!_waiting.TryDequeue(out next)) _isBusy = false;
        }

        if (next is not null) tasks.Run(() => RunAsync(next));
    }

    public void Post(Action action) => tasks.Run(() =>
    {
        action();
        return Task.CompletedTask;
    });

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        // It lives for as long as its owner holds it.
    }

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    private Task RunAsync(Call call)
    {
        if (_target.TryGetTarget(out var known) && !call.IsDone) return call.StartAsync(this, known);
        Finished(call);
        return Task.CompletedTask;
    }
}
