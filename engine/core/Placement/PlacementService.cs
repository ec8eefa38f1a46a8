using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Placement;
using OrleansCache.Engine.Activation;
using OrleansCache.Engine.Membership;
using OrleansCache.Engine.References;

namespace OrleansCache.Engine.Placement;

/// <summary>Has a silo chosen for a grain that needs an activation.</summary>
internal sealed class PlacementService(GrainClasses classes, IServiceProvider services, ClusterMembership membership, SiloAddress self) : IPlacementContext
{
    private readonly RandomPlacement _default = new();

    public SiloAddress LocalSilo => self;

    public SiloStatus LocalSiloStatus => membership.CurrentSnapshot.GetSiloStatus(self);

    public SiloAddress[] GetCompatibleSilos(PlacementTarget target)
    {
        SiloAddress[] active = [.. membership.CurrentSnapshot.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress).Order()];

        // Until the cluster has decided on a silo that does not answer, grains had better go elsewhere.
        SiloAddress[] trusted = [.. active.Where(silo => !membership.IsSuspected(silo))];
        if (trusted.Length > 0) return trusted;
        return active.Length > 0 ? active : throw new SiloUnavailableException($"No silo of the cluster is active, so {target.GrainIdentity} cannot be activated.");
    }

    public IReadOnlyDictionary<ushort, SiloAddress[]> GetCompatibleSilosWithVersions(PlacementTarget target) => new Dictionary<ushort, SiloAddress[]> { [target.InterfaceVersion] = GetCompatibleSilos(target) };

    public Task<SiloAddress> ChooseAsync(GrainId grain, Type? interfaceType)
    {
        var grainClass = classes.Find(grain.Type) ?? throw new OrleansMessageRejectionException($"No grain class has the type '{grain.Type}', which {grain} needs.");
        var strategy = grainClass.Placement ?? _default;
        var director = services.GetKeyedService<IPlacementDirector>(strategy.GetType())
            ?? throw new OrleansConfigurationException($"{grainClass.Type} asks for {strategy.GetType()}, which has no director. Register one with AddPlacementDirector<{strategy.GetType().Name}, …>.");
        return director.OnAddActivation(strategy, new PlacementTarget(grain, [], interfaceType is null ? default : GrainInterfaceType.Create(InterfaceContract.NameOf(interfaceType)), 0), this);
    }
}
