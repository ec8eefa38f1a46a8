using System.Collections.Concurrent;
using OrleansCache.Engine.Messaging;

namespace OrleansCache.Engine.References;

/// <summary>Makes this host's references.</summary>
internal sealed class ReferenceFactory : IGrainFactory
{
    private readonly ConcurrentDictionary<Type, (ReferenceShared Shared, ProxyType? Proxy)> _kinds = new();
    private readonly ConcurrentDictionary<Type, GrainType> _grainTypes = new();
    private readonly ShapeCatalog _shapes;
    private readonly CallSender _calls;
    private readonly IGrainManifest _manifest;
    private readonly Observers.ObserverRegistry _observers;

    public ReferenceFactory(ShapeCatalog shapes, CallSender calls, IGrainManifest manifest, Observers.ObserverRegistry observers, ReferenceCodec codec)
    {
        (_shapes, _calls, _manifest, _observers) = (shapes, calls, manifest, observers);
        codec.Bind(this);
    }

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrEmpty(primaryKey);
        var type = grainClassNamePrefix is null
            ? _grainTypes.GetOrAdd(typeof(TGrainInterface), static (type, manifest) => manifest.GrainTypeOf(InterfaceContract.NameOf(type), null), _manifest)
            : _manifest.GrainTypeOf(InterfaceContract.NameOf(typeof(TGrainInterface)), grainClassNamePrefix);
        return (TGrainInterface)Create(new GrainId(type, IdSpan.Create(primaryKey)), typeof(TGrainInterface));
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable => (TGrainInterface)Create(grainId, typeof(TGrainInterface));

    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (obj is GrainReference) throw new ArgumentException("The object is a reference already. Give the observer itself.", nameof(obj));
        if (obj is not TGrainObserverInterface) throw new ArgumentException($"{obj.GetType()} does not implement {typeof(TGrainObserverInterface)}.", nameof(obj));
        _shapes.Get(typeof(TGrainObserverInterface));
        return GetGrain<TGrainObserverInterface>(_observers.Add(obj, this));
    }

    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj)
        where TGrainObserverInterface : IGrainObserver
    {
        if (obj is not GrainReference reference) throw new ArgumentException($"Give the reference that {nameof(CreateObjectReference)} returned, not the observer itself.", nameof(obj));
        _observers.Remove(reference.GrainId);
    }

    /// <summary>A reference that has the interface; for <see cref="GrainReference"/> or a mere marker, one without methods.</summary>
    public object Create(GrainId grainId, Type interfaceType)
    {
        var (shared, proxy) = _kinds.GetOrAdd(interfaceType, CreateKind);
        return proxy?.Create(shared, grainId) ?? new GrainReference(shared, grainId);
    }

    private (ReferenceShared Shared, ProxyType? Proxy) CreateKind(Type type)
    {
        if (!type.IsInterface) return (new ReferenceShared(type.Name, [], _calls, this), null);
        var shape = _shapes.Get(type);
        return (new ReferenceShared(shape.Name, shape.Methods, _calls, this), shape.Proxy);
    }
}
