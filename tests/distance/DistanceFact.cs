using OrleansCache.LocalClusters;

namespace OrleansCache.Distance;

/// <summary>A test on a network with distance; it is skipped, with the reason, where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class DistanceFactAttribute : FactAttribute
{
    public DistanceFactAttribute() => Skip = DistantNetwork.Unavailable;
}
