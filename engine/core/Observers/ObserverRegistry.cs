using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OrleansCache.Engine.Hosting;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.References;

namespace OrleansCache.Engine.Observers;

/// <summary>The objects of this host that grains can call.</summary>
internal sealed partial class ObserverRegistry(string hostId, OwnedTasks tasks, ILogger<ObserverRegistry> logger)
{
    private readonly ConcurrentDictionary<GrainId, Observer> _observers = new();

    /// <summary>This host's name in the identities of its observers.</summary>
    public string HostId => hostId;

    public GrainId Add(IGrainObserver target, ReferenceFactory references)
    {
        foreach (var (id, observer) in _observers)
        {
            // Those whose objects are gone leave whenever another one comes.
            if (!observer.IsAlive) _observers.TryRemove(id, out _);
        }

        var grainId = ClientIds.Observer(hostId);
        _observers[grainId] = new Observer(grainId, target, references, tasks);
        return grainId;
    }

    public void Remove(GrainId id) => _observers.TryRemove(id, out _);

    /// <summary>Runs a call. One to an observer that is gone is dropped: its caller's time runs out.</summary>
    public void Deliver(Call call)
    {
        if (_observers.TryGetValue(call.Target, out var observer) && observer.TryEnqueue(call)) return;
        _observers.TryRemove(call.Target, out _);
        LogGone(call.Name, call.Target);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} of {Target} was dropped: nobody holds that observer any more")]
    private partial void LogGone(string method, GrainId target);
}
