using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using OrleansCache.Engine.Directory;
using OrleansCache.Engine.Hosting;
using OrleansCache.Engine.Messaging;
using OrleansCache.Engine.References;
using OrleansCache.Engine.Serialization;

namespace OrleansCache.Engine.Activation;

/// <summary>What all activations of a silo have in common.</summary>
internal sealed partial class ActivationShared(
    SiloAddress silo, IServiceProvider services, ServiceLifetimes lifetimes, ReferenceFactory references, WireSerializer serializer, CallTimeouts timeouts, AddressCache addresses, OwnedTasks tasks,
    TimeProvider time, GrainCollectionOptions options, ILogger<ActivationShared> logger)
{
    private readonly ConcurrentDictionary<GrainClass, bool> _scoped = new();
    private ActivationCatalog? _catalog;
    private ICallRouter? _router;
    private GrainDirectory? _directory;

    public SiloAddress Silo => silo;

    public IServiceProvider Services => services;

    public ReferenceFactory References => references;

    public WireSerializer Serializer => serializer;

    public CallTimeouts Timeouts => timeouts;

    public AddressCache Addresses => addresses;

    public OwnedTasks Tasks => tasks;

    public TimeProvider Time => time;

    public TimeSpan ActivationTimeout => options.ActivationTimeout;

    public TimeSpan DeactivationTimeout => options.DeactivationTimeout;

    public GrainDirectory Directory => _directory!;

    public ICallRouter Router => _router!;

    /// <summary>Whether making a grain of a class takes a service provider of its own. Where all that it is made with is there once, none is made: it would be the larger part of a small grain.</summary>
    public bool NeedsScope(GrainClass grainClass) => _scoped.GetOrAdd(grainClass, static (made, known) => !known.AreSingletons(made.Services), lifetimes);

    public void Bind(ActivationCatalog catalog, ICallRouter router, GrainDirectory directory) => (_catalog, _router, _directory) = (catalog, router, directory);

    public void Remove(Activation activation) => _catalog!.Remove(activation);

    [LoggerMessage(Level = LogLevel.Error, Message = "Grain {Grain} could not be activated")]
    public partial void LogActivationFailed(GrainId grain, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Grain {Grain} failed while it was deactivated")]
    public partial void LogDeactivationFailed(GrainId grain, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A timer of grain {Grain} failed")]
    public partial void LogTimerFailed(GrainId grain, Exception exception);
}
