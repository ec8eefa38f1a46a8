using Orleans.Runtime.Placement;
using OrleansCache.Engine.Tests.Support;

namespace OrleansCache.Engine.Tests.Placement;

/// <summary>Notes each decision on the stage, and does what the key orders: <c>fail/…</c> throws, anything else goes to the last silo by name.</summary>
public sealed class ByOrderDirector(IClusterMembershipService membership, StageDoor door) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString() ?? "";
        door.Stage.Note(key, strategy.GetType().Name);
        if (key.StartsWith("fail/", StringComparison.Ordinal))
            throw new InvalidOperationException($"There is no place for {key}.");
        var compatible = context.GetCompatibleSilos(target);
        return Task.FromResult(membership.CurrentSnapshot.Members.Values
            .Where(member => compatible.Contains(member.SiloAddress))
            .MaxBy(member => member.Name, StringComparer.Ordinal)!.SiloAddress);
    }
}
