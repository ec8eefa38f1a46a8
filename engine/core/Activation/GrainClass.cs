using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;
using Orleans.Placement;
using OrleansCache.Engine.Placement;
using OrleansCache.Engine.References;

namespace OrleansCache.Engine.Activation;

/// <summary>A grain class as the silo runs it.</summary>
internal sealed class GrainClass
{
    private readonly ObjectFactory _create;

    public GrainClass(Type type, GrainType grainType)
    {
        (Type, GrainType) = (type, grainType);
        Interfaces = [.. type.GetInterfaces().Where(part => typeof(IGrain).IsAssignableFrom(part) && part != typeof(IGrain) && part != typeof(IGrainWithStringKey))];
        IsReentrant = type.IsDefined(typeof(ReentrantAttribute), inherit: true);
        IsKeptAlive = type.IsDefined(typeof(KeepAliveAttribute), inherit: true);
        Placement = type.GetCustomAttribute<PlacementAttribute>(inherit: true)?.PlacementStrategy;
        IsStateless = Placement is StatelessWorkerPlacement;
        if (Placement is StatelessWorkerPlacement { MaxLocalWorkers: not 1 and var workers })
            throw new OrleansConfigurationException($"{type} asks for {workers} stateless workers on each silo; this engine has one of each: write [StatelessWorker(1)].");
        // What is asked for by a key may live differently from what has the same type without one; so it counts as what is never there once.
        Services = [.. type.GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .Select(parameter => parameter.IsDefined(typeof(FromKeyedServicesAttribute)) ? typeof(IServiceProvider) : parameter.ParameterType).Distinct()];
        _create = ActivatorUtilities.CreateFactory(type, Type.EmptyTypes);
    }

    public Type Type { get; }

    public GrainType GrainType { get; }

    public Type[] Interfaces { get; }

    public bool IsReentrant { get; }

    public bool IsKeptAlive { get; }

    /// <summary>How silos are chosen for the class; null: as the cluster does by default.</summary>
    public PlacementStrategy? Placement { get; }

    /// <summary>Whether each silo has activations of its own, which the directory does not know.</summary>
    public bool IsStateless { get; }

    /// <summary>What a grain may be made with.</summary>
    public Type[] Services { get; }

    public GrainManifest.Entry Describe() => new(GrainType.ToString(), Type.FullName!, [.. Interfaces.Select(InterfaceContract.NameOf)]);

    public object Create(IServiceProvider services) => _create(services, null);
}
