using Orleans.Runtime.Placement;

namespace OrleansCache.Engine.Tests.Support;

/// <summary>Finds the silo that a key names in the membership.</summary>
public sealed class PlaceByKeyDirector(IClusterMembershipService membership) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString() ?? "";
        var end = key.IndexOf('!', StringComparison.Ordinal);
        if (end < 0)
            return Task.FromResult(context.LocalSilo);
        var name = key[..end];
        var silo = membership.CurrentSnapshot.Members.Values.FirstOrDefault(member => member.Status == SiloStatus.Active && member.Name == name)?.SiloAddress;
        var compatible = context.GetCompatibleSilos(target);
        if (silo is not null && compatible.Contains(silo))
            return Task.FromResult(silo);
        return strategy is PreferByKey
            ? Task.FromResult(compatible[0])
            : throw new InvalidOperationException($"No active silo is named '{name}'.");
    }
}
